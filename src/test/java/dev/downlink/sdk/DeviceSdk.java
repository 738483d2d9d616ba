// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.support.ForkedProgram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The program on the device SDK, which is as many devices as one likes. */
final class DeviceSdk implements AutoCloseable {
    private final ForkedProgram program;

    DeviceSdk(String name) {
        program = ForkedProgram.source(name, "target/sdk/device/*", Path.of("src/test/sdk/device/Devices.java"));
    }

    /** A device whose commands say what it is to do. Gives what the SDK's {@code init()} gives. */
    int connectListener(Stage.Registered device, String uri) {
        return connect(order("listener", device, uri));
    }

    /** A device in the manner of the SDK's thing model. */
    int connectModel(Stage.Registered device, String uri) {
        return connect(order("model", device, uri));
    }

    int connectGateway(Stage.Registered device, String uri) {
        return connect(order("gateway", device, uri));
    }

    /** A gateway that has its list of sub-devices in this version. */
    int connectGateway(Stage.Registered device, String uri, long version) {
        return connect(order("gateway", device, uri).put("version", version));
    }

    /** @param ca PEM file of the authority that the device trusts */
    int connectTls(Stage.Registered device, String uri, Path ca) {
        return connect(order("listener", device, uri).put("ca", ca.toString()));
    }

    int connectCertified(String device, String uri, Path ca, Path keyStore, String password) {
        return connect(JsonObject.of("do", "connect", "kind", "listener", "device", device)
                .put("uri", uri)
                .put("ca", ca.toString())
                .put("key_store", keyStore.toString())
                .put("password", password));
    }

    /** Answers a command that was received before and not answered then. */
    void answer(String device, String request, JsonObject paras) {
        program.tell(JsonObject.of("do", "answer", "device", device, "request", request, "paras", paras)
                .encode());
    }

    /** Asks for the time and gives what the SDK makes of the answer. */
    JsonObject askTheTime(String device) {
        tell("time", device);
        return hear("time", device);
    }

    void reportVersions(String device, String software, String firmware) {
        tell("versions", device, "software", software, "firmware", firmware);
    }

    /** What the platform answers to a gateway that says this of a sub-device. */
    JsonObject reportStatus(String gateway, String child, String status) {
        tell("status", gateway, "child", child, "status", status);
        return hear("down", gateway);
    }

    JsonObject add(String gateway, String node, String product, String event) {
        tell("add", gateway, "node", node, "product", product, "event", event);
        return hear("added", gateway);
    }

    JsonObject delete(String gateway, String child, String event) {
        tell("delete", gateway, "child", child, "event", event);
        return hear("deleted", gateway);
    }

    private void tell(String what, String device, String... more) {
        JsonObject order = JsonObject.of("do", what, "device", device);
        for (int i = 0; i < more.length; i += 2) {
            order.put(more[i], more[i + 1]);
        }
        program.tell(order.encode());
    }

    /** Subscribes a custom topic and waits until the SDK says that it has. */
    void subscribe(String device, String topic) {
        program.tell(JsonObject.of("do", "subscribe", "device", device, "topic", topic)
                .encode());
        hear("subscribed", device, e -> e.getString("topic").equals(topic));
    }

    /** What the device gets when it asks for its shadow: the services. */
    JsonArray shadow(String device) {
        program.tell(JsonObject.of("do", "shadow", "device", device).encode());
        return hear("shadow", device).getJsonArray("services");
    }

    /** Reports properties and waits for the acknowledgement. */
    void report(String device, JsonObject order) {
        program.tell(order.copy().put("do", "report").put("device", device).encode());
        hear("reported", device);
    }

    /** Sends a message and waits for the acknowledgement. */
    void say(String device, JsonObject order) {
        program.tell(order.copy().put("do", "say").put("device", device).encode());
        hear("said", device);
    }

    /** The next event of that kind that the device has told; waits for it. */
    @CanIgnoreReturnValue
    JsonObject hear(String event, String device) {
        return hear(event, device, _ -> true);
    }

    @CanIgnoreReturnValue
    JsonObject hear(String event, String device, Predicate<JsonObject> wanted) {
        return new JsonObject(program.hear(line -> {
            JsonObject told = new JsonObject(line);
            return told.getString("event").equals(event)
                    && told.getString("device").equals(device)
                    && wanted.test(told);
        }));
    }

    /** Lets the program end by itself and gives its exit code. */
    int end() throws InterruptedException {
        return program.end();
    }

    @Override
    public void close() {
        program.close();
    }

    private int connect(JsonObject order) {
        program.tell(order.encode());
        return hear("init", order.getString("device")).getInteger("code");
    }

    private static JsonObject order(String kind, Stage.Registered device, String uri) {
        return JsonObject.of("do", "connect", "kind", kind)
                .put("device", device.id())
                .put("uri", uri)
                .put("secret", device.secret());
    }
}
