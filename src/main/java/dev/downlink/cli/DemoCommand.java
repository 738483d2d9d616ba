// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Awaiting;
import dev.downlink.Gateway;
import dev.downlink.Lifetime;
import dev.downlink.Logs;
import dev.downlink.Platform;
import dev.downlink.config.Settings;
import dev.downlink.simulator.SimulatedDevice;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: a gateway with a project, a product and a device that answers, and what to type next. */
@Command(
        name = "demo",
        description = {
            "Starts the gateway with a project, a product and a simulated device, and prints a curl line to try.",
            "A port that is taken is replaced by a free one. What it makes is kept in the data directory."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SIMULATED = "meter-1";
    private static final String YOURS = "meter-2";

    @Mixin
    private final ConfigFile config = new ConfigFile();

    @Option(
            names = "--commands",
            paramLabel = "N",
            description = {
                "Send N commands to the device, print the last answer and end: shows that an installation works,",
                "and trains a cache of compiled classes (see Dockerfile)."
            })
    private int commands;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.quiet();
        Lifetime lifetime = new Lifetime();
        Settings settings = DemoSettings.of(config.settings());
        print("Starting Downlink, its data is kept in " + settings.dataDir().normalize() + " ...");
        try (StopSignal _ = new StopSignal(lifetime);
                Gateway gateway = Gateway.start(settings, lifetime)) {
            show(gateway);
            if (commands == 0) {
                lifetime.awaitClosed();
            }
            return ExitCodes.OK;
        }
    }

    private void show(Gateway gateway) throws IOException, InterruptedException {
        Settings settings = gateway.settings();
        DemoSecrets secrets = DemoSecrets.in(settings.dataDir());
        new DemoProject(gateway, secrets).make();
        try (DemoClient client = new DemoClient(
                "http://" + settings.host() + ':' + gateway.ports().get("http"))) {
            client.logIn(secrets.password());
            client.makeProduct();
            client.makeDevice(SIMULATED, secrets.device());
            client.makeDevice(YOURS, secrets.device());
            connect(gateway, secrets);
            if (commands == 0) {
                print(DemoText.of(gateway, secrets, client, SIMULATED, YOURS));
            }
            for (int sent = 1; sent <= commands; sent++) {
                String answer = client.command(SIMULATED);
                if (sent == commands) {
                    print(answer);
                }
            }
        }
    }

    /** The device has a Vert.x of its own, since it is no part of the gateway. */
    private static void connect(Gateway gateway, DemoSecrets secrets) {
        Vertx vertx = Platform.small();
        gateway.closeFirst("simulated device", () -> Awaiting.await(vertx.close(), LIMIT));
        SimulatedDevice device = new SimulatedDevice(
                vertx,
                new SimulatedDevice.Gate(
                        gateway.settings().host(), gateway.ports().getOrDefault("mqtt", 0)),
                DemoClient.device(SIMULATED),
                secrets.device(),
                InstantSource.system());
        gateway.closeFirst("connection of the simulated device", () -> Awaiting.await(device.stop(), LIMIT));
        var _ = Awaiting.await(device.start(), LIMIT);
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
