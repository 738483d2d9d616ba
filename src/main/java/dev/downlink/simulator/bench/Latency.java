// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.AbstractHistogram;

/** Percentiles in microseconds; all 0 when nothing was recorded. */
public record Latency(long count, long p50, long p90, long p99, long p999, long max, double mean) {
    static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0, 0);

    static Latency of(AbstractHistogram histogram) {
        return new Latency(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue(),
                histogram.getTotalCount() == 0 ? 0 : histogram.getMean());
    }

    JsonObject json() {
        return new JsonObject()
                .put("count", count)
                .put("p50_us", p50)
                .put("p90_us", p90)
                .put("p99_us", p99)
                .put("p99_9_us", p999)
                .put("max_us", max)
                .put("mean_us", Math.round(mean));
    }
}
