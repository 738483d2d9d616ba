// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Awaiting;
import dev.downlink.PortsFile;
import dev.downlink.config.Settings;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.Provisioning;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which gateway a simulation uses and as whom. What is not given is taken from the settings of the gateway itself, so that a
 * gateway on the same machine is found by its data directory.
 */
final class ClientOptions {
    private static final Duration LOGIN_LIMIT = Duration.ofSeconds(20);
    private static final Duration PROVISION_LIMIT = Duration.ofMinutes(10);

    @Mixin
    private final ConfigFile config = new ConfigFile();

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "The REST API.")
    private @Nullable String http;

    @Option(names = "--mqtt", paramLabel = "HOST:PORT", description = "Where devices connect.")
    private @Nullable String mqtt;

    @Option(names = "--project", paramLabel = "ID", description = "bootstrap.project of the settings when absent.")
    private @Nullable String project;

    @Option(
            names = "--access-key",
            paramLabel = "KEY",
            description = "bootstrap.access_key of the settings when absent.")
    private @Nullable String accessKey;

    @Option(
            names = "--secret-key-file",
            paramLabel = "FILE",
            description = "Holds the secret key; bootstrap.secret_key of the settings when absent.")
    private @Nullable Path secretKey;

    @Option(
            names = "--auth",
            paramLabel = "HOW",
            defaultValue = "signature",
            description = "signature or token (needs --user): ${DEFAULT-VALUE} when absent.")
    private How how = How.signature;

    @Option(names = "--user", paramLabel = "NAME", description = "Who gets the token.")
    private @Nullable String user;

    @Option(names = "--domain", paramLabel = "DOMAIN", defaultValue = "default", description = "Of the user.")
    private String domain = "";

    @Option(names = "--password-file", paramLabel = "FILE", description = "Holds the user's password.")
    private @Nullable Path password;

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many: ${DEFAULT-VALUE} when absent.")
    private int devices;

    @Option(
            names = "--product",
            paramLabel = "ID",
            defaultValue = "bench",
            description = "Their product, made when it is not there: ${DEFAULT-VALUE} when absent.")
    private String product = "";

    @Option(
            names = "--device-secret",
            paramLabel = "SECRET",
            defaultValue = "bench-device-secret",
            description = "The secret that simulated devices are made with.")
    private String deviceSecret = "";

    enum How {
        signature,
        token
    }

    DeviceSeries series() {
        if (devices < 1) {
            throw new InvalidField("--devices", "must be 1 or more");
        }
        return new DeviceSeries(new ProductId(product), devices, new Secret(deviceSecret));
    }

    Settings settings() {
        return config.settings();
    }

    ProjectId project() {
        return new ProjectId(given("--project", project, settings().bootstrap().project()));
    }

    Northbound.Gate http() {
        Address at = address("http", http, settings().http().port());
        return new Northbound.Gate(at.host, at.port);
    }

    FleetPlan.Gate mqtt(boolean tls) {
        Address at = tls
                ? address("mqtts", mqtt, settings().mqtts().port())
                : address("mqtt", mqtt, settings().mqtt().port());
        return new FleetPlan.Gate(at.host, at.port, tls);
    }

    /** The port of an embedded database of a gateway on this machine; 0 when there is none. */
    int databasePort() {
        return PortsFile.read(settings().dataDir()).getOrDefault("database", 0);
    }

    /** Blocks while a token is fetched. */
    Authority authority(Vertx vertx) {
        Settings.Bootstrap bootstrap = settings().bootstrap();
        if (how == How.token) {
            Northbound.User who =
                    new Northbound.User(domain, given("--user", user, null), SecretInput.password(password));
            return Awaiting.await(Northbound.login(vertx, http(), project(), who), LOGIN_LIMIT);
        }
        Secret secret = Optional.ofNullable(secretKey)
                .map(SecretInput::file)
                .or(() -> Optional.ofNullable(bootstrap.secretKey()))
                .orElseThrow(() -> new InvalidField("--secret-key-file", "is needed"));
        String key = given("--access-key", accessKey, bootstrap.accessKey());
        return new Authority.Key(key, secret, http().authority(), InstantSource.system());
    }

    /** Makes what is missing. Blocks. */
    int provision(Vertx vertx, Authority authority) {
        Northbound north = new Northbound(vertx, http(), project(), authority);
        return Awaiting.await(new Provisioning(north, series()).run().eventually(north::close), PROVISION_LIMIT);
    }

    private record Address(String host, int port) {}

    private Address address(String door, @Nullable String given, int usual) {
        if (given != null) {
            URI uri = URI.create("tcp://" + given);
            return new Address(given("--" + door, uri.getHost(), null), uri.getPort());
        }
        Map<String, Integer> ports = PortsFile.read(settings().dataDir());
        return new Address("127.0.0.1", ports.getOrDefault(door, usual));
    }

    private static String given(String option, @Nullable String value, @Nullable String other) {
        if (value == null && other == null) {
            throw new InvalidField(option, "is needed");
        }
        return value != null ? value : String.valueOf(other);
    }
}
