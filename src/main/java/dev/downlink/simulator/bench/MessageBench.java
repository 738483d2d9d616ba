// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProductId;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Inbox;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.Provisioning;
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
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Measures durable messages with a gateway of its own: stored for devices that are not connected, drained when they come, and
 * delivered to connected ones. In between the gateway may be killed. Blocks.
 */
public final class MessageBench {
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final int CONNECTING = 64;
    private static final int OTHERS = 500;

    private final Vertx vertx;
    private final List<Context> loops;
    private final Plan plan;
    private final Consumer<String> progress;
    private final List<MessageReport.Phase> phases = new ArrayList<>();
    private final Ledger ledger = Ledger.keeping();
    private final MessageLoad measured;

    /**
     * What to measure.
     *
     * @param perDevice messages stored for each device while it is away
     * @param load of the messages to connected devices; its callers store too
     * @param size of a message, in characters
     * @param crash whether the gateway is killed and started again between storing and draining
     * @param variables settings of the gateway
     * @param jvm options of the gateway
     */
    public record Plan(
            DeviceSeries series,
            int perDevice,
            LoadPlan load,
            int size,
            boolean crash,
            Path directory,
            Map<String, String> variables,
            List<String> jvm) {
        public Plan {
            variables = Map.copyOf(variables);
            jvm = List.copyOf(jvm);
        }
    }

    public MessageBench(Vertx vertx, List<Context> loops, Plan plan, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.plan = plan;
        this.progress = progress;
        measured = new MessageLoad(vertx, loops, progress);
    }

    public MessageReport run() throws IOException, InterruptedException {
        Contestant.Ready gateway = start();
        try {
            provision(gateway, plan.series);
            warmUp(gateway);
            phases.add(store(gateway));
            if (plan.crash) {
                gateway.kill();
                gateway = start();
            }
            drain(gateway);
            deliver(gateway);
        } finally {
            gateway.close();
        }
        return new MessageReport(phases, ledger.balance());
    }

    private Contestant.Ready start() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(plan.directory);
        String classPath = System.getProperty("java.class.path") + File.pathSeparator;
        return Contestant.GATEWAY.start(
                new Contestant.Place(directory, classPath, plan.jvm, Path.of(""), 1, null, plan.variables));
    }

    /** All that is measured later, with other devices, so that the gateway's code is compiled by then. */
    private void warmUp(Contestant.Ready gateway) throws InterruptedException {
        DeviceSeries others = new DeviceSeries(new ProductId("warm-up"), OTHERS, plan.series.secret());
        provision(gateway, others);
        LoadPlan load = new LoadPlan(plan.load.callers(), 0, Duration.ZERO, plan.load.warmUp());
        var _ = measured.run("warm-up", gateway, others, load, message(MessageStatus.PENDING, Ledger.counting()));
        Fleet fleet = fleet(gateway, others, Inbox.NONE);
        var _ = fleet.open().await();
        var _ = measured.run("warm-up", gateway, others, load, message(MessageStatus.DELIVERED, Ledger.counting()));
        fleet.close().await();
    }

    private void provision(Contestant.Ready gateway, DeviceSeries series) {
        Target.Gateway target = (Target.Gateway) gateway.target();
        Northbound north = new Northbound(vertx, target.gate(), target.project(), target.authority());
        int made =
                new Provisioning(north, series).run().eventually(north::close).await();
        progress.accept("made " + made + " devices");
    }

    private MessageReport.Phase store(Contestant.Ready gateway) throws InterruptedException {
        LoadPlan load = new LoadPlan(plan.load.callers(), 0, Duration.ZERO, LONGEST, plan.perDevice);
        return measured.run("store", gateway, plan.series, load, message(MessageStatus.PENDING, ledger));
    }

    private void drain(Contestant.Ready gateway) throws InterruptedException {
        long expected = (long) plan.perDevice * plan.series.count();
        Meter.Reading before = gateway.meter().read();
        long begin = System.nanoTime();
        Fleet fleet = fleet(gateway, plan.series, ledger);
        try {
            Future<Void> opened = fleet.open();
            long last = awaitArrivals(expected, begin);
            Meter.Reading after = gateway.meter().read();
            boolean _ = opened.await(1, TimeUnit.MINUTES) == null;
            phases.add(new MessageReport.Phase(
                    "drain",
                    ledger.arrivals(),
                    (last - begin) / 1e9,
                    Latency.NONE,
                    CommandReport.Cost.of(after.since(before), ledger.arrivals(), after.serverResident()),
                    before.serverResident(),
                    Map.of()));
        } catch (TimeoutException e) {
            throw new IllegalStateException("not all devices could connect", e);
        } finally {
            fleet.close().await();
        }
    }

    /** Returns when the last one came: all that are expected, or no more for a while. */
    private long awaitArrivals(long expected, long begin) throws InterruptedException {
        long last = begin;
        long seen = 0;
        while (seen < expected && System.nanoTime() - last < QUIET.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(20);
            long now = ledger.arrivals();
            if (now > seen) {
                seen = now;
                last = System.nanoTime();
                progress.accept("drain: " + seen + " of " + expected);
            }
        }
        return last;
    }

    /** As many as the callers make, and then half as many. */
    private void deliver(Contestant.Ready gateway) throws InterruptedException {
        Ledger counting = Ledger.counting();
        Fleet fleet = fleet(gateway, plan.series, counting);
        try {
            var _ = fleet.open().await();
            MessageReport.Phase full = measured.run(
                    "deliver", gateway, plan.series, plan.load, message(MessageStatus.DELIVERED, counting));
            phases.add(full);
            LoadPlan half = new LoadPlan(
                    plan.load.callers(), full.perSecond() / 2, Duration.ofSeconds(2), plan.load.duration());
            phases.add(measured.run(
                    "deliver, half load", gateway, plan.series, half, message(MessageStatus.DELIVERED, counting)));
        } finally {
            fleet.close().await();
        }
    }

    private MessageOperation message(MessageStatus expected, Ledger into) {
        return new MessageOperation(plan.size, expected, into);
    }

    private Fleet fleet(Contestant.Ready gateway, DeviceSeries series, Inbox inbox) {
        FleetPlan devices = FleetPlan.fast(gateway.gate(), Dialect.GATEWAY, -1, CONNECTING)
                .from(FleetPlan.loopbackAddresses(series.count()));
        return Fleet.of(vertx, loops, series, devices, InstantSource.system(), _ -> {}, inbox);
    }
}
