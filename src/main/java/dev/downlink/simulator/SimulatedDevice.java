// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.model.Topics;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device over MQTT 3.1.1 that answers every command at once and repeats in its answer what it was told; it keeps the
 * properties that it is set and tells them when it is asked. When its connection is lost it comes back, after a second first
 * and then after longer and longer pauses. All of its state belongs to the one context it runs on.
 */
public final class SimulatedDevice {
    private static final Logger LOGGER = LoggerFactory.getLogger(SimulatedDevice.class);
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Context context;
    private final Gate gate;
    private final DeviceId device;
    private final Secret secret;
    private final InstantSource clock;

    // of the whole life
    private int answered;
    private final SimulatedProperties properties;
    private boolean stopped;
    // of one connection
    private @Nullable MqttClient client;
    private int failures;

    /** Where the gateway listens for devices, without TLS. */
    public record Gate(String host, int port) {}

    public SimulatedDevice(Vertx vertx, Gate gate, DeviceId device, Secret secret, InstantSource clock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.gate = gate;
        this.device = device;
        this.secret = secret;
        this.clock = clock;
        properties = new SimulatedProperties(clock);
    }

    /** Connects. Fails when the first attempt fails; a later loss is mended without telling anybody. */
    public Future<Void> start() {
        return inContext(this::connect);
    }

    /** Disconnects and stays away. */
    public Future<Void> stop() {
        return inContext(() -> {
            stopped = true;
            return client == null ? Future.succeededFuture() : client.disconnect();
        });
    }

    private Future<Void> inContext(Supplier<Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> work.get().onComplete(done));
        return done.future();
    }

    private Future<Void> connect() {
        DeviceLogin login = DeviceLogin.at(clock.instant(), device, secret);
        MqttClientOptions options = new MqttClientOptions()
                .setClientId(login.clientId())
                .setUsername(login.userName())
                .setPassword(login.password().value())
                .setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        MqttClient fresh = MqttClient.create(vertx, options);
        var _ = fresh.publishHandler(message -> receive(fresh, message)).closeHandler(_ -> lost());
        return fresh.connect(gate.port(), gate.host())
                .onSuccess(_ -> {
                    client = fresh;
                    failures = 0;
                })
                .mapEmpty();
    }

    private void lost() {
        client = null;
        if (!stopped) {
            LOGGER.info("connection lost device={}", device);
            comeBackLater();
        }
    }

    private void comeBackLater() {
        long pause = Math.min(1000L << Math.min(failures, 10), LONGEST_PAUSE.toMillis());
        failures++;
        long _ = vertx.setTimer(pause + ThreadLocalRandom.current().nextLong(pause / 4 + 1), _ -> comeBack());
    }

    private void comeBack() {
        if (!stopped) {
            var _ = connect().onFailure(e -> {
                LOGGER.info("cannot connect device={} error={}", device, e.getMessage());
                comeBackLater();
            });
        }
    }

    private void receive(MqttClient from, MqttPublishMessage message) {
        Topics.kind(device, message.topicName()).ifPresent(kind -> {
            String topic = Topics.answer(device, message.topicName()).orElseThrow();
            var _ = from.publish(topic, answer(kind, message.payload()).toBuffer(), MqttQoS.AT_MOST_ONCE, false, false)
                    .onFailure(e -> LOGGER.info("cannot answer device={} error={}", device, e.getMessage()));
        });
    }

    private JsonObject answer(CallKind kind, Buffer payload) {
        return switch (kind) {
            case COMMAND -> command(payload);
            case PROPERTIES_SET -> properties.set(payload);
            case PROPERTIES_GET -> properties.get(payload);
        };
    }

    private JsonObject command(Buffer payload) {
        answered++;
        return new JsonObject()
                .put("result_code", 0)
                .put("response_name", "COMMAND_RESPONSE")
                .put("paras", echo(payload).put("device", device.value()).put("answered", answered));
    }

    private static JsonObject echo(Buffer payload) {
        try {
            JsonObject command = payload.toJsonObject();
            return new JsonObject()
                    .put("command_name", command.getValue("command_name"))
                    .put("received", command.getValue("paras"));
        } catch (DecodeException | ClassCastException _) {
            return new JsonObject().put("received_bytes", payload.length());
        }
    }
}
