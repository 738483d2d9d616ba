// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Sizes;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * The bounds of every {@link Batcher}.
 *
 * @param maxRows in one statement
 * @param maxWaiting calls that wait for one statement
 * @param maxInFlight batches of one statement at a time
 */
record Batching(int maxRows, int maxWaiting, int maxInFlight, Telemetry telemetry) {
    /** The same with smaller batches. */
    Batching withMaxRows(int rows) {
        return new Batching(Math.min(rows, maxRows), maxWaiting, maxInFlight, telemetry);
    }

    /** @param name of the statement, for its meters */
    <K, V> Batcher<K, V> of(String name, Function<K, ?> lane, Function<List<K>, Future<Function<K, V>>> statement) {
        Sizes rows = telemetry.sizes(MeterName.BATCH_ROWS, name);
        Level waiting = telemetry.level(MeterName.BATCH_WAITING, name);
        return new Batcher<>(maxRows, maxWaiting, maxInFlight, lane, waiting, batch -> {
            rows.record(batch.size());
            return statement.apply(batch);
        });
    }
}
