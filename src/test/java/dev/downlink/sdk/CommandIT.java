// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.sdk.ApplicationSdk.Reply;
import dev.downlink.sdk.Stage.Registered;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A command from the application SDK to the device SDK and its answer back (northbound §3.1, southbound §2.4 and §5). */
@ExtendWith(Stage.Entrance.class)
class CommandIT {
    private static final String PRODUCT = "Commanded";
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static Registered meter;

    private final Stage stage;
    private final DeviceSdk devices;

    CommandIT(Stage stage) {
        this.stage = stage;
        this.devices = stage.devices();
    }

    @BeforeAll
    static void connect(Stage stage) {
        stage.createWaterMeter(PRODUCT);
        meter = stage.addDevice(PRODUCT, "meter");
        assertThat(stage.devices().connectListener(meter, stage.tcp())).isZero();
    }

    @Test
    void answerOfTheDeviceComesBackAsItIs() {
        JsonObject body = onOff("ON");

        JsonObject answer = stage.command(meter.id(), body).body(200);

        String command = answer.getString("command_id");
        JsonObject received =
                devices.hear("command", meter.id(), e -> e.getString("request").equals(command));
        assertThat(answer.getJsonObject("response"))
                .isEqualTo(JsonObject.of("result_code", 0)
                        .put("response_name", "COMMAND_RESPONSE")
                        .put("paras", JsonObject.of("value", "ON")));
        assertThat(received.getString("service")).isEqualTo("WaterMeter");
        assertThat(received.getString("name")).isEqualTo("ON_OFF");
        assertThat(received.getJsonObject("paras")).isEqualTo(JsonObject.of("value", "ON"));
    }

    @Test
    void derivedSignatureWithInstanceSendsCommandsToo() {
        JsonObject request = JsonObject.of("device_id", meter.id(), "Instance-Id", "an-instance", "body", onOff("OFF"));

        JsonObject answer =
                stage.call(stage.derivedClient(), "createCommand", request).body(200);

        assertThat(answer.getJsonObject("response").getJsonObject("paras")).isEqualTo(JsonObject.of("value", "OFF"));
    }

    @Test
    void deviceOfTheThingModelAnswers() {
        Registered thing = stage.addDevice(PRODUCT, "thing");
        assertThat(devices.connectModel(thing, stage.tcp())).isZero();

        JsonObject known = stage.command(thing.id(), onOff("ON")).body(200).getJsonObject("response");
        JsonObject unknown = stage.command(
                        thing.id(), Stage.free("NO_SUCH_COMMAND").put("service_id", "WaterMeter"))
                .json();

        assertThat(known.getInteger("result_code")).isZero();
        assertThat(known.getJsonObject("paras")).isEqualTo(JsonObject.of("state", "ON"));
        assertThat(unknown.containsKey("error")).isTrue();
    }

    @Test
    void resultCodeOfTheDeviceIsPassedOn() {
        JsonObject answer = stage.command(meter.id(), "FAIL", "result_code", 7).body(200);

        assertThat(answer.getJsonObject("response").getInteger("result_code")).isEqualTo(7);
        assertThat(answer.containsKey("error_code")).isFalse();
    }

    @Test
    void silentDeviceTimesOutAndItsLateAnswerHasNoEffect() {
        JsonObject timedOut = stage.command(meter.id(), "SILENCE", "answers", 0).body(200);
        String request = devices.hear(
                        "command", meter.id(), e -> e.getString("name").equals("SILENCE"))
                .getString("request");

        devices.answer(meter.id(), request, JsonObject.of("late", true));
        JsonObject next = stage.command(meter.id(), "NEXT", "n", 1).body(200);

        assertThat(timedOut.getString("error_code")).isEqualTo("IOTDA.014111");
        assertThat(timedOut.getString("error_msg")).startsWith("Command request timed out.");
        assertThat(timedOut.containsKey("response")).isFalse();
        assertThat(paras(next)).isEqualTo(JsonObject.of("n", 1));
    }

    @Test
    void secondAnswerToACommandHasNoEffect() {
        JsonObject twice =
                stage.command(meter.id(), "TWICE", "answers", 2, "n", 1).body(200);
        JsonObject next = stage.command(meter.id(), "NEXT", "n", 2).body(200);

        assertThat(paras(twice).getInteger("n")).isEqualTo(1);
        assertThat(paras(next)).isEqualTo(JsonObject.of("n", 2));
    }

    @Test
    void answerToAnotherRequestCompletesNothing() {
        int silent = stage.sendCommand(meter.id(), Stage.free("FOREIGN", "answers", 0));
        JsonObject received =
                devices.hear("command", meter.id(), e -> e.getString("name").equals("FOREIGN"));

        devices.answer(meter.id(), "00000000-0000-0000-0000-000000000000", JsonObject.of("foreign", true));
        devices.answer(meter.id(), received.getString("request"), JsonObject.of("own", true));

        assertThat(paras(stage.await(silent).body(200))).isEqualTo(JsonObject.of("own", true));
    }

    @Test
    void manyCommandsAtOnceGetTheirOwnAnswers() {
        List<Integer> calls = Stream.iterate(0, n -> n + 1)
                .limit(20)
                .map(n -> stage.sendCommand(meter.id(), Stage.free("MANY", "n", n)))
                .toList();

        List<Integer> answers = calls.stream()
                .map(call -> paras(stage.await(call).body(200)).getInteger("n"))
                .toList();

        assertThat(answers).isEqualTo(Stream.iterate(0, n -> n + 1).limit(20).toList());
    }

    @Test
    void largeCommandAndLargeAnswerPass() {
        String text = "水".repeat(60_000);

        JsonObject answer = stage.command(meter.id(), "LARGE", "text", text).body(200);

        assertThat(paras(answer).getString("text")).isEqualTo(text);
    }

    @Test
    void unknownDeviceIsNotFound() {
        stage.command("NoSuch_device", "ANY").failedWith(404, "IOTDA.014000");
    }

    @Test
    void deviceThatIsNotConnectedIsOffline() {
        Registered absent = stage.addDevice(PRODUCT, "absent");

        stage.command(absent.id(), "ANY").failedWith(403, "IOTDA.014016");
    }

    @Test
    void commandAgainstTheModelIsNotSent() {
        stage.command(meter.id(), onOff("PERHAPS")).failedWith(400, "IOTDA.000006");
    }

    @Test
    void commandOfAnotherProjectFindsNoDevice() {
        JsonObject client = stage.plainClient().put("project", "somebody-else");
        JsonObject request = JsonObject.of("device_id", meter.id(), "body", onOff("ON"));

        JsonObject error = stage.call(client, "createCommand", request).error();

        assertThat(error.getInteger("status")).isEqualTo(403);
    }

    /** As with two mosquitto clients: one receives, another with the same id answers. */
    @Test
    void answerOverANewConnectionOfTheDeviceCounts() throws MqttException {
        Registered device = stage.addDevice(PRODUCT, "moving");
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        int call = stage.sendCommand(device.id(), Stage.free("MOVE", "answers", 0));
        String request = devices.hear("command", device.id()).getString("request");

        try (RawDevice second = RawDevice.of(device, stage.tcp())) {
            second.connect();
            second.publish(
                    "$oc/devices/" + device.id() + "/sys/commands/response/request_id=" + request,
                    "{\"result_code\":3}");

            JsonObject response = stage.await(call).body(200).getJsonObject("response");
            assertThat(response).isEqualTo(JsonObject.of("result_code", 3));
        }
    }

    /** The second command would come third if the first came twice or its answer came back. */
    @Test
    void deviceThatSubscribesGetsEachCommandOnceAndNotItsOwnAnswer() throws MqttException, InterruptedException {
        Registered device = stage.addDevice(PRODUCT, "subscriber");
        String commands = "$oc/devices/" + device.id() + "/sys/commands/";

        try (RawDevice raw = RawDevice.of(device, stage.tcp())) {
            raw.connect();
            raw.subscribe(commands + "#", "$oc/devices/" + device.id() + "/sys/#");
            for (int n = 0; n < 2; n++) {
                int call = stage.sendCommand(device.id(), Stage.free("ONCE"));
                String topic = raw.receive();
                assertThat(topic).startsWith(commands + "request_id=");
                raw.publish(topic.replace("/commands/", "/commands/response/"), "{\"result_code\":" + n + "}");

                JsonObject answer = stage.await(call).body(200);
                assertThat(topic).endsWith(answer.getString("command_id"));
                assertThat(answer.getJsonObject("response")).isEqualTo(JsonObject.of("result_code", n));
            }
        }
    }

    @Test
    void twoProcessesWithOneIdTakeTurnsAndCommandsAreStillAnswered() {
        Registered device = stage.addDevice(PRODUCT, "contested");
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        devices.hear("connected", device.id());

        try (DeviceSdk rival = new DeviceSdk("rival")) {
            assertThat(rival.connectListener(device, stage.tcp())).isZero();
            devices.hear("lost", device.id());
            devices.hear("connected", device.id());
            rival.hear("lost", device.id());

            assertThat(untilAnswered(device.id())).allMatch(CommandIT::isExpectedOfAContestedDevice);
        }
        assertThat(untilAnswered(device.id())).allMatch(CommandIT::isExpectedOfAContestedDevice);
    }

    /** What came of commands, the last of which was answered. */
    private List<Reply> untilAnswered(String device) {
        List<Reply> replies = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            replies.add(stage.command(device, "CONTESTED"));
            return isAnswered(replies.getLast());
        });
        return replies;
    }

    private static boolean isAnswered(Reply reply) {
        return reply.json().getJsonObject("body", new JsonObject()).containsKey("response");
    }

    /** Answered; or sent to the connection that was just about to go; or nobody was there at that moment. */
    private static boolean isExpectedOfAContestedDevice(Reply reply) {
        JsonObject error = reply.json().getJsonObject("error", new JsonObject());
        JsonObject body = reply.json().getJsonObject("body", new JsonObject());
        return isAnswered(reply)
                || "IOTDA.014111".equals(body.getString("error_code"))
                || "IOTDA.014016".equals(error.getString("code"));
    }

    private static JsonObject onOff(String value) {
        return JsonObject.of("service_id", "WaterMeter", "command_name", "ON_OFF")
                .put("paras", JsonObject.of("value", value));
    }

    private static JsonObject paras(JsonObject answer) {
        assertThat(answer.getJsonObject("response"))
                .as("response in %s", answer)
                .isNotNull();
        return answer.getJsonObject("response").getJsonObject("paras");
    }
}
