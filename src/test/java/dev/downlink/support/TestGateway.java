// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.Gateway;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRequest.CreateKey;
import dev.downlink.protocol.AccountRequest.CreateProject;
import dev.downlink.simulator.SimulatedDevice;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A whole gateway inside the test's JVM, on free ports and a database of its own. */
public final class TestGateway implements AutoCloseable {
    private final Gateway gateway;
    private final Vertx devices = Vertx.vertx();

    private TestGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    public static TestGateway start(String... settings) {
        return on(TestDatabase.fresh(), settings);
    }

    /** @param settings name and value in turn, without {@code DOWNLINK_} */
    public static TestGateway on(Secret database, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "HTTP_PORT",
                "0",
                "MQTT_PORT",
                "0",
                "DATA_DIR",
                Path.of("target", "test-gateways", UUID.randomUUID().toString()).toString(),
                "DATABASE_URI",
                database.value()));
        all.addAll(List.of(settings));
        return new TestGateway(Gateway.start(TestSettings.of(all.toArray(String[]::new))));
    }

    public Gateway gateway() {
        return gateway;
    }

    public int port(String door) {
        return gateway.ports().get(door);
    }

    public String http() {
        return "http://127.0.0.1:" + port("http");
    }

    /** A new project of this name and an application that owns it. */
    public Api project(String name) {
        var _ = gateway.ask(new CreateProject(new ProjectId(name), name));
        var key = gateway.ask(new CreateKey(new ProjectId(name), null, null)).key();
        return new Api(http(), name, new Signer(key.id(), key.secret().value()));
    }

    /** A device that is connected and answers every command. */
    @CanIgnoreReturnValue
    public SimulatedDevice connect(String device, String secret) {
        var gate = new SimulatedDevice.Gate("127.0.0.1", port("mqtt"));
        SimulatedDevice simulated =
                new SimulatedDevice(devices, gate, new DeviceId(device), new Secret(secret), InstantSource.system());
        Outcome.of(simulated.start());
        return simulated;
    }

    @Override
    public void close() {
        Outcome.of(devices.close());
        gateway.close();
    }
}
