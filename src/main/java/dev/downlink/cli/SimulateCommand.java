// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Awaiting;
import dev.downlink.Lifetime;
import dev.downlink.simulator.Behaviour;
import dev.downlink.simulator.Delay;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetCounts;
import dev.downlink.simulator.FleetPlan;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simulate}: devices that answer commands, until it is stopped. */
@Command(
        name = "simulate",
        description = "Connects simulated devices that answer commands; makes them first when they are not there.",
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    private static final Duration CLOSING = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--for", paramLabel = "TIME", converter = DurationText.class, description = "Ends after this time.")
    private @Nullable Duration time;

    @Option(names = "--tls", description = "Connects with TLS; takes every certificate.")
    private boolean tls;

    @Option(
            names = "--mqtt5",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description = "Share of MQTT 5: ${DEFAULT-VALUE}.")
    private double mqtt5;

    @Option(names = "--keep-alive", paramLabel = "SECONDS", defaultValue = "120", description = "${DEFAULT-VALUE}.")
    private int keepAlive;

    @Option(names = "--subscribe", paramLabel = "QOS", defaultValue = "-1", description = "Subscribes command topics.")
    private int subscribe;

    @Option(
            names = "--ramp",
            paramLabel = "N",
            defaultValue = "500",
            description = "Connects a second: ${DEFAULT-VALUE}; 0: no limit.")
    private double ramp;

    @Option(
            names = "--churn",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share that reconnects each second.")
    private double churn;

    @Option(
            names = "--late",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share of commands answered late.")
    private double late;

    @Option(
            names = "--late-by",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationText.class,
            description = "How late: ${DEFAULT-VALUE}.")
    private Duration lateBy = Duration.ZERO;

    @Option(names = "--never", paramLabel = "SHARE", defaultValue = "0", description = "Share never answered.")
    private double never;

    @Option(names = "--wrong", paramLabel = "SHARE", defaultValue = "0", description = "Share answered wrongly.")
    private double wrong;

    @Option(
            names = "--failing",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share answered with an error.")
    private double failing;

    @Option(
            names = "--delay",
            paramLabel = "DELAY",
            defaultValue = "none",
            description = "Before an answer: none, 50ms, uniform:10ms-50ms or exponential:50ms.")
    private String delay = "";

    @Option(
            names = "--report-every",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = DurationText.class,
            description = "Each device reports its properties so often, in whole seconds; 0s: never.")
    private Duration reportEvery = Duration.ZERO;

    @Override
    public Integer call() throws InterruptedException {
        Lifetime lifetime = new Lifetime();
        try (StopSignal _ = new StopSignal(lifetime)) {
            Simulation simulation = lifetime.own("event loops", Simulation.open());
            PrintWriter out = spec.commandLine().getOut();
            int made = client.provision(simulation.vertx(), client.authority(simulation.vertx()));
            out.printf(
                    Locale.ROOT,
                    "%d devices made, %d were there%n",
                    made,
                    client.series().count() - made);
            Fleet fleet = Fleet.of(
                    simulation.vertx(), simulation.loops(), client.series(), plan(), InstantSource.system(), _ -> {});
            lifetime.own("devices", () -> {
                summary(out, fleet.read());
                var _ = Awaiting.await(fleet.close(), CLOSING);
            });
            lifetime.openingIsOver();
            watch(fleet, out);
            return ExitCodes.OK;
        } finally {
            lifetime.openingIsOver();
            lifetime.close();
        }
    }

    private FleetPlan plan() {
        Behaviour behaviour = new Behaviour(late, never, wrong, failing, Delay.parse(delay), lateBy);
        int devices = client.series().count();
        return new FleetPlan(
                client.mqtt(tls),
                FleetPlan.loopbackAddresses(devices),
                mqtt5,
                keepAlive,
                subscribe,
                ramp,
                256,
                churn,
                (int) Math.max(reportEvery.toSeconds(), reportEvery.isZero() ? 0 : 1),
                Dialect.GATEWAY,
                behaviour);
    }

    private void watch(Fleet fleet, PrintWriter out) throws InterruptedException {
        var _ = fleet.open();
        long end = time == null ? Long.MAX_VALUE : time.toSeconds();
        FleetCounts.Reading last = fleet.read();
        for (long second = 0; second < end; second++) {
            TimeUnit.SECONDS.sleep(1);
            FleetCounts.Reading now = fleet.read();
            out.printf(
                    Locale.ROOT,
                    "\r%d of %d connected, %d connects/s, %d commands/s, %d answers/s, %d reports/s, %d refused,"
                            + " %d lost   ",
                    now.connected(),
                    client.series().count(),
                    now.connects() - last.connects(),
                    now.commands() - last.commands(),
                    now.answers() - last.answers(),
                    now.reports() - last.reports(),
                    now.allRefused(),
                    now.lost());
            out.flush();
            last = now;
        }
    }

    private static void summary(PrintWriter out, FleetCounts.Reading all) {
        out.printf(
                Locale.ROOT,
                "%n%d connects, %d refused %s, %d lost, %d commands, %d answers, %d reports (%d not acknowledged), %d"
                        + " connected at the end%n",
                all.connects(),
                all.allRefused(),
                all.refused(),
                all.lost(),
                all.commands(),
                all.answers(),
                all.reports(),
                all.unheard(),
                all.connected());
        out.flush();
    }
}
