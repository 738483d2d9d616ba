// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Latencies of the commands that went well, in microseconds, as a whole and by slices of time, and how often each outcome
 * was seen. A command belongs to the slice in which it was to begin. Belongs to one thread.
 */
final class Recording {
    private static final int DIGITS = 3;
    private static final int SLICE_DIGITS = 2;

    private final long start;
    private final long sliceNanos;
    private final Histogram all = new Histogram(DIGITS);
    private final List<Histogram> slices = new ArrayList<>();
    private final List<Long> errors = new ArrayList<>();
    private final Map<String, Long> outcomes = new TreeMap<>();

    /** @param start commands that were to begin earlier are not recorded */
    Recording(long start, long sliceNanos) {
        this.start = start;
        this.sliceNanos = sliceNanos;
    }

    void add(long intended, long end, String outcome) {
        if (intended - start < 0) {
            return;
        }
        outcomes.merge(outcome, 1L, Long::sum);
        int slice = (int) ((intended - start) / sliceNanos);
        reach(slice);
        if (!outcome.equals(Line.OK)) {
            errors.set(slice, errors.get(slice) + 1);
            return;
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(0, end - intended));
        all.recordValue(micros);
        slices.get(slice).recordValue(micros);
    }

    void count(String outcome, long times) {
        if (times > 0) {
            outcomes.merge(outcome, times, Long::sum);
        }
    }

    /** Takes the figures of another part of the same load in. */
    void merge(Recording other) {
        all.add(other.all);
        other.outcomes.forEach((outcome, times) -> outcomes.merge(outcome, times, Long::sum));
        reach(other.slices.size() - 1);
        for (int i = 0; i < other.slices.size(); i++) {
            slices.get(i).add(other.slices.get(i));
            errors.set(i, errors.get(i) + other.errors.get(i));
        }
    }

    private void reach(int slice) {
        while (slices.size() <= slice) {
            slices.add(new Histogram(SLICE_DIGITS));
            errors.add(0L);
        }
    }

    Latency latency() {
        return Latency.of(all);
    }

    Map<String, Long> outcomes() {
        return new TreeMap<>(outcomes);
    }

    List<Slice> slices() {
        List<Slice> list = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            double second = (double) i * sliceNanos / TimeUnit.SECONDS.toNanos(1);
            list.add(new Slice(second, Latency.of(slices.get(i)), errors.get(i)));
        }
        return list;
    }
}
