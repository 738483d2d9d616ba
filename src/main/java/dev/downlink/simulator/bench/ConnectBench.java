// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetCounts;
import dev.downlink.simulator.FleetPlan;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.AtomicHistogram;

/** Measures what it takes to connect devices and to hold them. Blocks, so it belongs on no event loop. */
public final class ConnectBench {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);

    private final Vertx vertx;
    private final List<Context> loops;
    private final Consumer<String> progress;

    public ConnectBench(Vertx vertx, List<Context> loops, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.progress = progress;
    }

    /**
     * What came out.
     *
     * @param seconds until the last one was connected
     * @param cost of one connect
     * @param residentBytes of one idle device over the server without any, after a collection
     * @param residentPeakBytes the same before the collection
     * @param heapBytes likewise, of Java heap after a collection
     * @param idleCpu CPU microseconds a second of the server while all are idle
     */
    public record Report(
            String target,
            int devices,
            double seconds,
            Latency latency,
            CommandReport.Cost cost,
            long residentBytes,
            long residentPeakBytes,
            long heapBytes,
            double idleCpu,
            FleetCounts.Reading counts) {
        public double perSecond() {
            return devices / seconds;
        }

        public JsonObject json() {
            return new JsonObject()
                    .put("target", target)
                    .put("devices", devices)
                    .put("seconds", CommandReport.rounded(seconds))
                    .put("connects_per_second", CommandReport.rounded(perSecond()))
                    .put("latency", latency.json())
                    .put("cost", cost.json())
                    .put("rss_bytes_per_device", residentBytes)
                    .put("rss_bytes_per_device_before_collection", residentPeakBytes)
                    .put("heap_bytes_per_device", heapBytes)
                    .put("idle_cpu_us_per_second", CommandReport.rounded(idleCpu))
                    .put("refused", new JsonObject(new TreeMap<>(counts.refused())))
                    .put("lost", counts.lost());
        }

        public String table() {
            Table table = new Table(
                    "target",
                    "devices",
                    "connects/s",
                    "p50 ms",
                    "p99 ms",
                    "server µs/connect",
                    "postgres µs/connect",
                    "RSS B/device",
                    "before GC",
                    "heap B/device",
                    "idle CPU µs/s",
                    "refused",
                    "lost");
            table.row(List.of(
                    target,
                    String.valueOf(devices),
                    String.format(Locale.ROOT, "%.0f", perSecond()),
                    String.format(Locale.ROOT, "%.1f", latency.p50() / 1000.0),
                    String.format(Locale.ROOT, "%.1f", latency.p99() / 1000.0),
                    String.format(Locale.ROOT, "%.1f", cost.server()),
                    String.format(Locale.ROOT, "%.1f", cost.postgres()),
                    String.valueOf(residentBytes),
                    String.valueOf(residentPeakBytes),
                    String.valueOf(heapBytes),
                    String.format(Locale.ROOT, "%.0f", idleCpu),
                    counts.refused().isEmpty() ? "0" : counts.refused().toString(),
                    String.valueOf(counts.lost())));
            return table.toString();
        }
    }

    private record Memory(long resident, long heap) {}

    /** @param hold how long to leave all of them idle */
    public Report run(String name, DeviceSeries series, FleetPlan plan, Meter meter, Duration hold)
            throws InterruptedException {
        AtomicHistogram micros = new AtomicHistogram(LONGEST_MICROS, 3);
        Fleet fleet = Fleet.of(vertx, loops, series, plan, InstantSource.system(), nanos -> record(micros, nanos));
        Memory empty = memory(meter);
        try {
            Meter.Reading before = meter.read();
            long start = System.nanoTime();
            await(name, fleet);
            double seconds = (System.nanoTime() - start) / 1e9;
            Meter.Reading after = meter.read();
            Meter.Reading idle = hold(meter, hold);
            Memory full = memory(meter);
            CommandReport.Cost cost =
                    CommandReport.Cost.of(after.since(before), series.count(), after.serverResident());
            return new Report(
                    name,
                    series.count(),
                    seconds,
                    Latency.of(micros),
                    cost,
                    (full.resident - empty.resident) * 1024 / series.count(),
                    (after.serverResident() - empty.resident) * 1024 / series.count(),
                    (full.heap - empty.heap) * 1024 / series.count(),
                    idle.serverCpu() * 1000.0 / Math.max(1, hold.toMillis()),
                    fleet.read());
        } finally {
            fleet.close().await();
        }
    }

    private void await(String name, Fleet fleet) throws InterruptedException {
        Future<Void> opened = fleet.open();
        long shown = System.nanoTime();
        while (!opened.isComplete()) {
            TimeUnit.MILLISECONDS.sleep(5);
            if (System.nanoTime() - shown > TimeUnit.SECONDS.toNanos(1)) {
                shown = System.nanoTime();
                FleetCounts.Reading now = fleet.read();
                progress.accept(name + ": " + now.connected() + " connected, refused " + now.refused());
            }
        }
    }

    private static Meter.Reading hold(Meter meter, Duration hold) throws InterruptedException {
        Meter.Reading before = meter.read();
        TimeUnit.MILLISECONDS.sleep(hold.toMillis());
        return meter.read().since(before);
    }

    /** First the heap, because that collects the garbage that would count as resident. */
    private static Memory memory(Meter meter) {
        long heap = meter.heapKib();
        return new Memory(meter.read().serverResident(), heap);
    }

    private static void record(AtomicHistogram micros, long nanos) {
        micros.recordValue(Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }
}
