// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.Provisioning;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures with a gateway of its own what reports of properties cost: many devices report in turn. Blocks. */
public final class ReportBench {
    private static final int CONNECTING = 128;

    private final Vertx vertx;
    private final List<Context> loops;
    private final Plan plan;
    private final Consumer<String> progress;

    /**
     * What to measure.
     *
     * @param load of reports; a caller waits until one is acknowledged
     * @param jvm options of the gateway
     */
    public record Plan(DeviceSeries series, LoadPlan load, Path directory, List<String> jvm) {
        public Plan {
            jvm = List.copyOf(jvm);
        }
    }

    public ReportBench(Vertx vertx, List<Context> loops, Plan plan, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.plan = plan;
        this.progress = progress;
    }

    public ReportFigures run() throws IOException, InterruptedException {
        try (Contestant.Ready gateway = start()) {
            provision(gateway);
            Fleet fleet = fleet(gateway);
            try {
                connect(fleet);
                return load(gateway, fleet);
            } finally {
                fleet.close().await();
            }
        }
    }

    private Contestant.Ready start() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(plan.directory);
        String classPath = System.getProperty("java.class.path") + File.pathSeparator;
        return Contestant.GATEWAY.start(
                new Contestant.Place(directory, classPath, plan.jvm, Path.of(""), 1, null, Map.of()));
    }

    private int managementPort() throws IOException {
        return new JsonObject(Files.readString(plan.directory.resolve("ports.json"))).getInteger("management");
    }

    private void provision(Contestant.Ready gateway) {
        Target.Gateway target = (Target.Gateway) gateway.target();
        Northbound north = new Northbound(vertx, target.gate(), target.project(), target.authority());
        progress.accept("making " + plan.series.count() + " devices");
        var _ = new Provisioning(north, plan.series)
                .run()
                .eventually(north::close)
                .await();
    }

    private Fleet fleet(Contestant.Ready gateway) {
        FleetPlan devices = FleetPlan.fast(gateway.gate(), Dialect.GATEWAY, -1, CONNECTING)
                .from(FleetPlan.loopbackAddresses(plan.series.count()));
        return Fleet.of(vertx, loops, plan.series, devices, InstantSource.system(), _ -> {});
    }

    private void connect(Fleet fleet) throws InterruptedException {
        Future<Void> opened = fleet.open();
        while (!opened.isComplete()) {
            TimeUnit.MILLISECONDS.sleep(100);
            progress.accept(fleet.read().connected() + " devices connected");
        }
    }

    private ReportFigures load(Contestant.Ready gateway, Fleet fleet) throws IOException, InterruptedException {
        Load opened = Load.open(vertx, loops, new Target.Reports(fleet), plan.series, plan.load)
                .await();
        try {
            Load.Running running = opened.start();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, running.times().measure() - System.nanoTime()));
            Moment begin = Moment.of(gateway, opened);
            // takes its time, so reports are counted anew for it
            BatchRows rows = BatchRows.of(managementPort());
            long begun = opened.completed();
            Recording recording = await(opened, running);
            MessageReport.Phase phase = phase(begin, Moment.of(gateway, opened), recording);
            BatchRows written = BatchRows.of(managementPort()).since(rows);
            return new ReportFigures(
                    plan.series.count(),
                    phase,
                    new ReportFigures.Rows(written.rows(), opened.completed() - begun),
                    fleet.read().lost());
        } finally {
            opened.close().await();
        }
    }

    private record Moment(Meter.Reading used, long completed, long nanos) {
        static Moment of(Contestant.Ready gateway, Load load) {
            return new Moment(gateway.meter().read(), load.completed(), System.nanoTime());
        }
    }

    private static MessageReport.Phase phase(Moment begin, Moment end, Recording recording) {
        long operations = end.completed - begin.completed;
        Map<String, Long> errors = new TreeMap<>(recording.outcomes());
        errors.remove(Line.OK);
        return new MessageReport.Phase(
                "report",
                operations,
                (end.nanos - begin.nanos) / 1e9,
                recording.latency(),
                CommandReport.Cost.of(end.used.since(begin.used), operations, end.used.serverResident()),
                begin.used.serverResident(),
                errors);
    }

    private Recording await(Load load, Load.Running running) throws InterruptedException {
        long last = System.nanoTime();
        while (!running.result().isComplete()) {
            TimeUnit.MILLISECONDS.sleep(5);
            if (System.nanoTime() - last > TimeUnit.SECONDS.toNanos(1)) {
                last = System.nanoTime();
                progress.accept(load.completed() + " reports");
            }
        }
        return running.result().await();
    }
}
