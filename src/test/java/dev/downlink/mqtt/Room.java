// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Ports;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;

/** The room on a real Vert.x with its neighbours. */
final class Room implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T21:30:00Z");
    static final int NODE = 7;

    final MqttSettings settings = new MqttSettings();
    final Vertx vertx = Vertx.vertx();
    final Bus bus = Bus.of(vertx);
    final Neighbours neighbours = new Neighbours(bus);
    final Ports ports = new Ports();
    private String deployment;

    void start() {
        start(1);
    }

    void start(int instances) {
        var supplier = MqttVerticle.instances(settings.build(), new NodeIdentity(NODE, "test"), ports, () -> NOW);
        deployment = vertx.deployVerticle(supplier, new DeploymentOptions().setInstances(instances))
                .await();
    }

    Address address() {
        return Address.mqtt(NODE, 0);
    }

    <R extends Record> Future<R> ask(AdapterRequest<R> request) {
        return bus.ask(address(), request);
    }

    RawClient connect() {
        return new RawClient(ports.taken().get("mqtt"));
    }

    /** A connection whose device is logged in with MQTT 3.1.1. */
    RawClient login(String device) {
        return login(Packet.connect(device));
    }

    RawClient login(Packet.Connect connect) {
        RawClient client = connect();
        client.send(connect.bytes());
        byte[] answer = client.read();
        if (answer.length < 4 || answer[0] != 0x20 || answer[3] != 0) {
            throw new AssertionError("refused: " + RawClient.hex(answer));
        }
        return client;
    }

    void stop() {
        stopping().await();
    }

    Future<Void> stopping() {
        return vertx.undeploy(deployment);
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
