// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import dev.downlink.protocol.DeviceRequest.FreezeDevice;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every call: northbound §0, and what is refused before a route sees it. */
class HttpRulesTest {
    private static final String COMMANDS = "/v5/iot/p1/devices/d1/commands";
    private static final String COMMAND = "{\"paras\":{}}";

    private final Api api = new Api();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void everyAnswerIsJsonWithAFreshRequestId() {
        Api.Reply first = api.get("/nowhere");
        Api.Reply second = api.get("/nowhere");

        assertThat(first.header("Content-Type")).isEqualTo("application/json");
        assertThat(first.header("X-Request-Id")).isNotEmpty().isNotEqualTo(second.header("X-Request-Id"));
    }

    @Test
    void emptyPostWithJsonTypeIsTaken() {
        api.fake(_ -> Done.DONE);
        HttpRequest.Builder request = HttpRequest.newBuilder(api.uri("/v5/iot/p1/devices/d1/freeze"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .header("Content-Type", "application/json");
        Api.SIGNER
                .plain("POST", api.uri("/v5/iot/p1/devices/d1/freeze"), "", api.now, Map.of())
                .forEach(request::header);

        Api.Reply reply = api.send(request.build());

        assertThat(reply.status()).isEqualTo(204);
        assertThat(api.asked(FreezeDevice.class).id()).isEqualTo(new DeviceId("d1"));
    }

    @Test
    void bodyWithContentLengthIsTaken() {
        answerCommands();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(api.uri(COMMANDS)).POST(HttpRequest.BodyPublishers.ofString(COMMAND));
        Api.SIGNER.plain("POST", api.uri(COMMANDS), COMMAND, api.now, Map.of()).forEach(request::header);

        assertThat(api.send(request.build()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v5",
                "/v5/iot/p1",
                "/v5/iot/p1/devices/",
                "/v5/iot/p1/devices/d1/nothing",
                "/v5/iot/p1/devices/d1/commands/x",
                "/v5/iot/p1/devices//commands",
                "/v4/iot/p1/devices"
            })
    void unknownUrlIs404(String path) {
        Api.Reply reply = api.get(path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("IOTDA.000029");
        assertThat(reply.json().get("reason").asText()).isEqualTo("no_such_url");
    }

    @Test
    void unknownMethodIs405WithTheAllowedOnes() {
        Api.Reply reply = api.signed("PATCH", "/v5/iot/p1/products", "{}");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET, POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v5/iot/p1/devices/%zz", "/v5/iot/p1/devices?limit=%ff"})
    void brokenPercentEncodingIsUnreadable(String path) throws IOException {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("IOTDA.000008", "percent-encoded");
    }

    @Test
    void whatIsNoHttpGetsJsonAndIsClosed() throws IOException {
        String answer = raw("BROKEN\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.0 400").contains("application/json", "X-Request-Id", "IOTDA.000008");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "null",
                "\"text\"",
                "{\"paras\":{}}x",
                "{\"paras\":{}}{}",
                "{\"paras\":{},\"paras\":{}}",
                "{\"paras\":{\"a\":1,\"a\":2}}",
                "{'paras':{}}",
                "{\"paras\":{\"a\":NaN}}",
                "{\"paras\":{\"a\":01}}",
                "\uFEFF{\"paras\":{}}"
            })
    void bodyThatIsNoJsonObjectIsUnreadable(String body) {
        Api.Reply reply = api.post(COMMANDS, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000008");
        assertThat(reply.message()).startsWith("body ");
    }

    @ParameterizedTest
    @CsvSource({"61,200", "63,400"})
    void nestingIsBounded(int lists, int status) {
        answerCommands();
        String body = "{\"paras\":{\"a\":" + "[".repeat(lists) + "]".repeat(lists) + "}}";

        assertThat(api.post(COMMANDS, body).status()).isEqualTo(status);
    }

    @Test
    void bodyThatIsNotUtf8IsUnreadable() {
        byte[] body = "{\"paras\":{\"a\":\"é\"}}".getBytes(StandardCharsets.ISO_8859_1);

        Api.Reply reply = unsignedPayload(HttpRequest.BodyPublishers.ofByteArray(body));

        assertThat(reply.code()).isEqualTo("IOTDA.000008");
        assertThat(reply.message()).isEqualTo("body is not UTF-8");
    }

    @Test
    void utf16IsUnreadable() {
        byte[] body = COMMAND.getBytes(StandardCharsets.UTF_16BE);

        assertThat(unsignedPayload(HttpRequest.BodyPublishers.ofByteArray(body)).code())
                .isEqualTo("IOTDA.000008");
    }

    @Test
    void compressedBodyIsUnreadable() {
        Api.Reply reply = api.signed("POST", COMMANDS, COMMAND, Map.of("Content-Encoding", "gzip"));

        assertThat(reply.code()).isEqualTo("IOTDA.000008");
        assertThat(reply.message()).startsWith("Content-Encoding ");
    }

    @Test
    void unknownFieldsAreIgnoredAndNullIsAbsent() {
        answerCommands();

        Api.Reply reply = api.post(COMMANDS, "{\"service_id\":null,\"what\":[1,{\"ever\":2}],\"paras\":{}}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(SendCommand.class).serviceId()).isNull();
    }

    @Test
    void announcedOversizeIsRefusedBeforeItIsSent() throws IOException {
        String answer = raw(head(COMMANDS, "Content-Length: " + (Api.MAX_BODY + 1)));

        assertThat(answer).startsWith("HTTP/1.1 413").contains("too_large").containsIgnoringCase("Connection: close");
    }

    @Test
    void bodyOfExactlyTheLimitIsTaken() {
        answerCommands();
        String start = "{\"paras\":{},\"x\":\"";
        String body = start + "x".repeat(Api.MAX_BODY - start.length() - 2) + "\"}";

        assertThat(api.post(COMMANDS, body).status()).isEqualTo(200);
        assertThat(api.post(COMMANDS, body + " ").status()).isEqualTo(413);
    }

    @Test
    void endlessChunksAreCutOff() throws IOException {
        String chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes(head(COMMANDS, "Transfer-Encoding: chunked")));

            long sent = write(out, bytes(chunk), 100L << 20);

            assertThat(sent).isLessThan(100L << 20);
        }
        assertThat(api.asked).isEmpty();
    }

    @Test
    void cutOffBodyReachesNoNeighbour() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream().write(bytes(head(COMMANDS, "Content-Length: 100") + "{\"paras\""));
        }

        assertThat(api.post(COMMANDS, "{}").status()).isEqualTo(400);
        assertThat(api.asked).isEmpty();
    }

    @Test
    void expect100IsContinued() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream().write(bytes(head(COMMANDS, "Content-Length: 12\r\nExpect: 100-continue")));

            byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 100".length());

            assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
        }
    }

    @Test
    void oneConnectionServesRefusalsAndAnswersInTurn() throws IOException {
        String nowhere = "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
        String live = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        String answers = raw(nowhere + live);

        assertThat(answers).startsWith("HTTP/1.1 404").contains("HTTP/1.1 200").contains("UP");
    }

    @Test
    void moreInHandThanAllowedIsBusyButHealthIsAnswered() {
        try (Api small = new Api(1, 1)) {
            Promise<Record> answer = Promise.promise();
            small.fake(_ -> new Api.Later(answer.future()));
            CompletableFuture<Api.Reply> first = CompletableFuture.supplyAsync(() -> small.post(COMMANDS, COMMAND));
            Awaitility.await().until(() -> !small.asked.isEmpty());

            Api.Reply second = small.post(COMMANDS, COMMAND);
            Api.Reply live = small.send("GET", "/health/live", null, Map.of());
            answer.complete(new Answered(RequestId.next(1, 1), Json.NULL));

            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isEqualTo("1");
            assertThat(live.status()).isEqualTo(200);
            assertThat(first.join().status()).isEqualTo(200);
            assertThat(small.post(COMMANDS, COMMAND).status()).isEqualTo(200);
        }
    }

    @Test
    void stopLetsARequestInHandEnd() {
        Promise<Record> answer = Promise.promise();
        api.fake(_ -> new Api.Later(answer.future()));
        CompletableFuture<Api.Reply> request = CompletableFuture.supplyAsync(() -> api.post(COMMANDS, COMMAND));
        Awaitility.await().until(() -> !api.asked.isEmpty());

        Future<Void> stopped = api.stop();
        Awaitility.await().until(this::refusesConnections);
        answer.complete(new Answered(RequestId.next(1, 1), Json.NULL));

        assertThat(request.join().status()).isEqualTo(200);
        Api.await(stopped);
    }

    @Test
    void clientThatIsGoneDisturbsNobody() throws IOException {
        Promise<Record> answer = Promise.promise();
        api.fake(_ -> new Api.Later(answer.future()));
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream()
                    .write(bytes(head(COMMANDS, COMMAND, "Content-Length: " + COMMAND.length()) + COMMAND));
            Awaitility.await().until(() -> !api.asked.isEmpty());
        }

        answer.complete(new Answered(RequestId.next(1, 1), Json.NULL));

        assertThat(api.post(COMMANDS, COMMAND).status()).isEqualTo(200);
    }

    @Test
    void bugIsAnIncident() {
        api.fake(_ -> {
            throw new IllegalStateException("planted");
        });

        Api.Reply reply = api.post(COMMANDS, COMMAND);

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.code()).isEqualTo("IOTDA.000001");
        assertThat(reply.message()).doesNotContain("planted");
    }

    @Test
    void failuresLookAsTheErrorTableSays() {
        api.fail(new Failure.DeviceOffline(new DeviceId("d1")));

        Api.Reply reply = api.post(COMMANDS, COMMAND);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(names(reply)).containsExactlyInAnyOrder("error_code", "error_msg", "reason");
        assertThat(reply.code()).isEqualTo("IOTDA.014016");
    }

    private static Set<String> names(Api.Reply reply) {
        Set<String> names = new HashSet<>();
        reply.json().fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void answerCommands() {
        api.fake(_ -> new Answered(RequestId.next(1, 1), Json.NULL));
    }

    private Api.Reply unsignedPayload(HttpRequest.BodyPublisher body) {
        URI uri = api.uri(COMMANDS);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(body);
        Api.SIGNER
                .plain("POST", uri, "", api.now, Map.of("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"))
                .forEach(request::header);
        return api.send(request.build());
    }

    private boolean refusesConnections() {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private String head(String path, String header) {
        return head(path, "", header);
    }

    private String head(String path, String body, String header) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + api.port() + "\r\n");
        Api.SIGNER
                .plain("POST", api.uri(path), body, api.now, Map.of())
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return head + header + "\r\n\r\n";
    }

    /** Sends text and reads until the other side closes. */
    private String raw(String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes(text));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes the same bytes until the other side closes or so many are written. */
    private static long write(OutputStream out, byte[] bytes, long most) {
        long sent = 0;
        try {
            while (sent < most) {
                out.write(bytes);
                sent += bytes.length;
            }
        } catch (IOException e) {
            return sent;
        }
        return sent;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
