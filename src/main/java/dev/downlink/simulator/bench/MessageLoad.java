// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.bench.MessageReport.Phase;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Sends messages and measures what they cost the gateway, from the end of the warm-up on. Blocks. */
final class MessageLoad {
    private final Vertx vertx;
    private final List<Context> loops;
    private final Consumer<String> progress;

    MessageLoad(Vertx vertx, List<Context> loops, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = loops;
        this.progress = progress;
    }

    Phase run(String name, Contestant.Ready gateway, DeviceSeries series, LoadPlan load, MessageOperation operation)
            throws InterruptedException {
        Target target = ((Target.Gateway) gateway.target()).with(operation);
        Load opened = Load.open(vertx, loops, target, series, load).await();
        try {
            Load.Running running = opened.start();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, running.times().measure() - System.nanoTime()));
            Meter.Reading before = gateway.meter().read();
            long begun = opened.completed();
            long begin = System.nanoTime();
            Recording recording = await(name, opened, running);
            double seconds = (System.nanoTime() - begin) / 1e9;
            Meter.Reading after = gateway.meter().read();
            long operations = opened.completed() - begun;
            Map<String, Long> errors = new TreeMap<>(recording.outcomes());
            errors.remove(Line.OK);
            return new Phase(
                    name,
                    operations,
                    seconds,
                    recording.latency(),
                    CommandReport.Cost.of(after.since(before), operations, after.serverResident()),
                    before.serverResident(),
                    errors);
        } finally {
            opened.close().await();
        }
    }

    private Recording await(String name, Load load, Load.Running running) throws InterruptedException {
        long last = System.nanoTime();
        while (!running.result().isComplete()) {
            TimeUnit.MILLISECONDS.sleep(5);
            if (System.nanoTime() - last > TimeUnit.SECONDS.toNanos(1)) {
                last = System.nanoTime();
                progress.accept(name + ": " + load.completed() + " messages");
            }
        }
        return running.result().await();
    }
}
