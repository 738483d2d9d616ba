// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.DistributionSummary;

/** Count, sum and maximum of sizes. Safe for all threads. */
public final class Sizes {
    private final DistributionSummary summary;

    Sizes(DistributionSummary summary) {
        this.summary = summary;
    }

    public void record(int size) {
        summary.record(size);
    }
}
