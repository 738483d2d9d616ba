// SPDX-License-Identifier: Apache-2.0

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huaweicloud.sdk.core.SdkResponse;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.region.Region;
import com.huaweicloud.sdk.core.utils.JsonUtils;
import com.huaweicloud.sdk.iotda.v5.IoTDAClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An application on the official SDK. Reads one call per line of stdin, {@code {"id", "client": {"endpoint", "access_key",
 * "secret_key", "project"?, "region"?, "derived"?, "iam"?}, "call": "createCommand", "request": {…}}}, and prints one line per
 * outcome in the order in which they come: {@code {"id", "status", "body"}} or {@code {"id", "error": {…}}}. Each call is an
 * ordinary synchronous call of the SDK, on a thread of its own.
 */
public final class Application {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<JsonNode, IoTDAClient> clients = new ConcurrentHashMap<>();

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Application application = new Application();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode call = JSON.readTree(line);
            Thread.startVirtualThread(() -> answers.println(application.answer(call)));
        }
        System.exit(0);
    }

    private String answer(JsonNode call) {
        ObjectNode answer = JSON.createObjectNode().put("id", call.get("id").asInt());
        try {
            SdkResponse response = call(call);
            answer.put("status", response.getHttpStatusCode());
            answer.set("body", JSON.readTree(JsonUtils.toJSON(response)));
        } catch (InvocationTargetException e) {
            describe(e.getCause(), answer.putObject("error"));
        } catch (Exception e) {
            describe(e, answer.putObject("error"));
        }
        return answer.toString();
    }

    /** Every operation of the client has one argument, whose JSON names are those of the API. */
    private SdkResponse call(JsonNode call) throws ReflectiveOperationException {
        IoTDAClient client = clients.computeIfAbsent(call.get("client"), Application::client);
        Method operation = Arrays.stream(IoTDAClient.class.getMethods())
                .filter(m -> m.getName().equals(call.get("call").asText()))
                .findFirst()
                .orElseThrow();
        Object request =
                JsonUtils.toObject(call.get("request").toString(), operation.getParameterTypes()[0]);
        return (SdkResponse) operation.invoke(client, request);
    }

    private static IoTDAClient client(JsonNode settings) {
        BasicCredentials credentials = new BasicCredentials()
                .withAk(settings.get("access_key").asText())
                .withSk(settings.get("secret_key").asText());
        if (settings.has("project")) {
            credentials.withProjectId(settings.get("project").asText());
        }
        if (settings.path("derived").asBoolean()) {
            credentials.withDerivedPredicate(BasicCredentials.DEFAULT_DERIVED_PREDICATE);
        }
        if (settings.has("iam")) {
            credentials.withIamEndpoint(settings.get("iam").asText());
        }
        var builder = IoTDAClient.newBuilder().withCredential(credentials);
        String endpoint = settings.get("endpoint").asText();
        return settings.has("region")
                ? builder.withRegion(new Region(settings.get("region").asText(), endpoint))
                        .build()
                : builder.withEndpoints(List.of(endpoint)).build();
    }

    private static void describe(Throwable thrown, ObjectNode error) {
        error.put("type", thrown.getClass().getSimpleName());
        if (thrown instanceof ServiceResponseException answer) {
            error.put("status", answer.getHttpStatusCode());
            error.put("code", answer.getErrorCode());
            error.put("message", answer.getErrorMsg());
            error.put("request_id", answer.getRequestId());
        } else {
            error.put("message", String.valueOf(thrown));
        }
    }
}
