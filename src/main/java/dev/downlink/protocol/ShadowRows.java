// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Shadow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of shadows, one row a service. Every write of a row adds one to its version. What is done per device goes in
 * batches.
 */
public sealed interface ShadowRows<R extends Record> extends RepositoryRequest<R> {

    /**
     * Lays reported values over those that are there; values that are older than what is there by a second or more only fill
     * in what is not known. Fails with {@link Failure.DeviceNotFound}.
     *
     * @param properties parsed JSON object; null takes a property out
     */
    record MergeReported(DeviceId device, String serviceId, Map<String, @Nullable Object> properties, Instant time)
            implements ShadowRows<Merged> {}

    /**
     * Changes desired values of one device, all or none. Fails with {@link Failure.DeviceNotFound}, or
     * {@link Failure.Conflict} when a version is not the one given.
     */
    record ChangeDesired(DeviceId device, List<ShadowRequest.DesiredChange> services) implements ShadowRows<Done> {}

    /** @param serviceId all when absent */
    record DeleteShadowRows(DeviceId device, @Nullable String serviceId) implements ShadowRows<Done> {}

    record SelectShadow(DeviceId device) implements ShadowRows<ShadowFound> {}

    /**
     * Where desired and reported values are not the same, for a device and for what hangs under it, in order of device and
     * service.
     *
     * @param after the one to begin behind
     */
    record SelectDifferences(DeviceId connection, @Nullable Difference after, int limit)
            implements ShadowRows<Differences> {}

    /** @param difference the desired values that are not reported now */
    record Merged(@Nullable Json difference) {}

    record ShadowFound(Shadow shadow, List<Difference> differences) {}

    /** @param more whether there may be more behind the last one */
    record Differences(List<Difference> differences, boolean more) {}

    /** @param properties a JSON object with the desired values of a service that are not reported */
    record Difference(DeviceId device, String serviceId, Json properties) {}
}
