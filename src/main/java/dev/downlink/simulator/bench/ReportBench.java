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
import java.util.HashMap;
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
        Contestant.Ready gateway = start();
        try {
            provision(gateway);
            Fleet fleet = fleet(gateway);
            try {
                connect(fleet);
                return load(gateway, fleet);
            } finally {
                fleet.close().await();
            }
        } finally {
            gateway.server().close();
        }
    }

    private Contestant.Ready start() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(plan.directory);
        String classPath = System.getProperty("java.class.path") + File.pathSeparator;
        Map<String, String> variables = Map.of("DOWNLINK_MANAGEMENT_PORT", "0");
        return Contestant.GATEWAY.start(
                new Contestant.Place(directory, classPath, plan.jvm, Path.of(""), 1, variables));
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
            BatchRows rowsBefore = BatchRows.of(managementPort());
            Meter.Reading before = gateway.meter().read();
            long begun = opened.completed();
            long begin = System.nanoTime();
            Recording recording = await(opened, running);
            double seconds = (System.nanoTime() - begin) / 1e9;
            Meter.Reading after = gateway.meter().read();
            long operations = opened.completed() - begun;
            Map<String, Long> errors = new TreeMap<>(recording.outcomes());
            errors.remove(Line.OK);
            MessageReport.Phase phase = new MessageReport.Phase(
                    "report",
                    operations,
                    seconds,
                    recording.latency(),
                    CommandReport.Cost.of(after.since(before), operations, after.serverResident()),
                    before.serverResident(),
                    errors);
            return new ReportFigures(
                    plan.series.count(), phase, rows(rowsBefore), fleet.read().lost());
        } finally {
            opened.close().await();
        }
    }

    private Map<String, Long> rows(BatchRows before) throws IOException, InterruptedException {
        return new HashMap<>(BatchRows.of(managementPort()).since(before).rows());
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
