// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures commands. Blocks, so it belongs on no event loop; the load itself runs on the given ones. */
public final class CommandBench {
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx;
    private final List<Context> loops;
    private final DeviceSeries series;
    private final Consumer<String> progress;

    /** @param progress hears a line each second */
    public CommandBench(Vertx vertx, List<Context> loops, DeviceSeries series, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.series = series;
        this.progress = progress;
    }

    public CommandReport run(String name, Target target, Meter meter, LoadPlan plan) throws InterruptedException {
        Load load = Load.open(vertx, loops, target, series, plan).await();
        try {
            Load.Running running = load.start();
            watch(load, name + " warming up", running.times().measure());
            Meter.Reading before = meter.read();
            long completed = load.completed();
            watch(load, name, running.times().end());
            Meter.Reading used = meter.read();
            long operations = load.completed() - completed;
            Recording recording = running.result().await();
            return report(
                    name,
                    plan,
                    recording,
                    CommandReport.Cost.of(used.since(before), operations, used.serverResident()));
        } finally {
            load.close().await();
        }
    }

    private static CommandReport report(String name, LoadPlan plan, Recording recording, CommandReport.Cost cost) {
        Latency latency = recording.latency();
        double perSecond = latency.count() * 1000.0 / plan.duration().toMillis();
        return new CommandReport(name, plan, perSecond, recording.outcomes(), latency, cost, recording.slices());
    }

    private void watch(Load load, String what, long until) throws InterruptedException {
        long last = load.completed();
        long now = System.nanoTime();
        while (now - until < 0) {
            long pause = Math.min(PROGRESS_NANOS, until - now);
            TimeUnit.NANOSECONDS.sleep(pause);
            long done = load.completed();
            progress.accept(what + ": " + Math.round((done - last) * 1e9 / pause) + " commands/s");
            last = done;
            now = System.nanoTime();
        }
    }
}
