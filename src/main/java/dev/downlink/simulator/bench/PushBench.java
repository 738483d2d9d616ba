// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProductId;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Forwarding;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.Provisioning;
import dev.downlink.simulator.bench.MessageReport.Phase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Measures with a gateway of its own what it costs to push events: messages for devices that are away make one each. First
 * without a rule, then with one whose receiver is down, so that the events wait; then the receiver comes, and at last there is
 * no backlog and messages come at a rate. Blocks.
 */
public final class PushBench {
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final List<Context> loops;
    private final Plan plan;
    private final Consumer<String> progress;
    private final List<Phase> phases = new ArrayList<>();
    private final Ledger ledger = Ledger.keeping();
    private final MessageLoad measured;

    /**
     * What to measure. There are more devices than callers, so that those do not speak of a device at once.
     *
     * @param perDevice events of each device in the backlog
     * @param load of the last phase, which has a rate; its callers make the backlog too
     * @param jvm options of the gateway
     */
    public record Plan(DeviceSeries series, int perDevice, LoadPlan load, Path directory, List<String> jvm) {
        public Plan {
            jvm = List.copyOf(jvm);
            if (load.rate() <= 0 || load.callers() >= series.count()) {
                throw new IllegalArgumentException("there must be a rate, and more devices than callers");
            }
        }

        private int messagesPerDevice() {
            double seconds = (load.warmUp().toMillis() + load.duration().toMillis()) / 1000.0;
            return perDevice + (int) (load.rate() * seconds / series.count()) + 10;
        }
    }

    public PushBench(Vertx vertx, List<Context> loops, Plan plan, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.plan = plan;
        this.progress = progress;
        measured = new MessageLoad(vertx, loops, progress);
    }

    public PushReport run() throws IOException, InterruptedException {
        int port = ForkedServer.freePort();
        PushReceiver.Arrivals backlog = new PushReceiver.Arrivals(ledger, InstantSource.system());
        try (Contestant.Ready gateway = start()) {
            DeviceSeries unheard = others("unheard");
            provision(gateway, List.of(others("warm-up"), others("backlog"), unheard, plan.series));
            String rule = withRules(gateway, rules -> rules.start("device.message.status", "update", url(port)));
            warmUp(gateway, port);
            warmUpDrain(gateway, port);
            var _ = withRules(gateway, rules -> rules.activate(rule, false));
            phases.add(made("messages without a rule", gateway, unheard, Ledger.counting()));
            var _ = withRules(gateway, rules -> rules.activate(rule, true));
            phases.add(made("messages and events", gateway, plan.series, ledger));
            PushReceiver receiver = open(port, backlog);
            phases.add(drain(gateway, backlog));
            receiver.close().await();
            phases.add(online(gateway, port));
        }
        return new PushReport(phases, ledger.balance());
    }

    private Contestant.Ready start() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(plan.directory);
        String classPath = System.getProperty("java.class.path") + File.pathSeparator;
        Map<String, String> variables = Map.of(
                "DOWNLINK_MESSAGES_MAX_PER_DEVICE",
                String.valueOf(plan.messagesPerDevice()),
                "DOWNLINK_PUSH_PROBE_INTERVAL",
                "1s",
                "DOWNLINK_PUSH_TEST_ON_ACTIVATION",
                "false",
                "DOWNLINK_PUSH_ALLOW",
                ForkedGateway.HOST + "/32");
        return Contestant.GATEWAY.start(
                new Contestant.Place(directory, classPath, plan.jvm, Path.of(""), 1, null, variables));
    }

    private DeviceSeries others(String product) {
        return new DeviceSeries(new ProductId(product), plan.series.count(), plan.series.secret());
    }

    private static String url(int port) {
        return "http://" + ForkedGateway.HOST + ':' + port + "/events";
    }

    private <T> T withApi(Contestant.Ready gateway, Function<Northbound, Future<T>> work) {
        Target.Gateway target = (Target.Gateway) gateway.target();
        Northbound north = new Northbound(vertx, target.gate(), target.project(), target.authority());
        return work.apply(north).eventually(north::close).await();
    }

    private String withRules(Contestant.Ready gateway, Function<Forwarding, Future<String>> work) {
        return withApi(gateway, north -> work.apply(new Forwarding(north)));
    }

    private void provision(Contestant.Ready gateway, List<DeviceSeries> all) {
        for (DeviceSeries series : all) {
            int made = withApi(gateway, north -> new Provisioning(north, series).run());
            progress.accept("made " + made + " devices");
        }
    }

    private PushReceiver open(int port, PushReceiver.Arrivals arrivals) {
        return PushReceiver.open(vertx, loops, ForkedGateway.HOST, port, arrivals)
                .await();
    }

    /** All that is measured later, with other devices, so that the gateway's code is compiled by then. */
    private void warmUp(Contestant.Ready gateway, int port) throws InterruptedException {
        Ledger counting = Ledger.counting();
        PushReceiver.Arrivals arrivals = new PushReceiver.Arrivals(counting, InstantSource.system());
        PushReceiver receiver = open(port, arrivals);
        var _ = made("warm-up", gateway, others("warm-up"), counting);
        long _ = awaitArrivals(counting, backlog(), System.nanoTime(), arrivals);
        receiver.close().await();
    }

    /** A backlog is read and sent in larger parts than what just comes, for which the compiler has to begin anew. */
    private void warmUpDrain(Contestant.Ready gateway, int port) throws InterruptedException {
        Ledger counting = Ledger.counting();
        var _ = made("warm-up of the drain", gateway, others("backlog"), counting);
        PushReceiver.Arrivals arrivals = new PushReceiver.Arrivals(counting, InstantSource.system());
        PushReceiver receiver = open(port, arrivals);
        long _ = awaitArrivals(counting, backlog(), System.nanoTime(), arrivals);
        receiver.close().await();
    }

    private Phase made(String name, Contestant.Ready gateway, DeviceSeries series, Ledger into)
            throws InterruptedException {
        LoadPlan load = new LoadPlan(plan.load.callers(), 0, Duration.ZERO, LONGEST, plan.perDevice);
        return measured.run(name, gateway, series, load, message(into));
    }

    private static MessageOperation message(Ledger into) {
        return new MessageOperation(100, MessageStatus.PENDING, into);
    }

    /** Events of a backlog. All of them are awaited: those of a warm-up must not come later. */
    private long backlog() {
        return (long) plan.perDevice * plan.series.count();
    }

    private Phase drain(Contestant.Ready gateway, PushReceiver.Arrivals arrivals) throws InterruptedException {
        long begin = awaitArrivals(ledger, 1, System.nanoTime(), arrivals);
        Meter.Reading before = gateway.meter().read();
        long begun = ledger.arrivals();
        long last = awaitArrivals(ledger, backlog(), begin, arrivals);
        Meter.Reading after = gateway.meter().read();
        long drained = ledger.arrivals() - begun;
        return new Phase(
                "drain of the backlog",
                drained,
                (last - begin) / 1e9,
                Latency.NONE,
                CommandReport.Cost.of(after.since(before), drained, after.serverResident()),
                before.serverResident(),
                Map.of());
    }

    /** Returns when the last one came: all that are expected, or no more for a while. */
    private long awaitArrivals(Ledger into, long expected, long begin, PushReceiver.Arrivals arrivals)
            throws InterruptedException {
        long said = begin;
        while (into.arrivals() < expected) {
            long now = System.nanoTime();
            long last = arrivals.last() == 0 ? begin : arrivals.last();
            if (now - last > QUIET.toNanos()) {
                break;
            }
            if (now - said > TimeUnit.SECONDS.toNanos(1)) {
                said = now;
                progress.accept(into.arrivals() + " of " + expected + " events");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return arrivals.last() == 0 ? System.nanoTime() : arrivals.last();
    }

    /** What is measured is a message, its event and the push together; the times are those from the event to its arrival. */
    private Phase online(Contestant.Ready gateway, int port) throws InterruptedException {
        PushReceiver.Arrivals arrivals = new PushReceiver.Arrivals(ledger, InstantSource.system());
        PushReceiver receiver = open(port, arrivals);
        try {
            Phase load = measured.run("online", gateway, plan.series, plan.load, message(ledger));
            long _ = awaitArrivals(ledger, ledger.balance().acknowledged(), System.nanoTime(), arrivals);
            return new Phase(
                    load.name(),
                    load.operations(),
                    load.seconds(),
                    arrivals.lag(),
                    load.cost(),
                    load.residentBefore(),
                    load.errors());
        } finally {
            receiver.close().await();
        }
    }
}
