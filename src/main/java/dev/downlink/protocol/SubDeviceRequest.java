// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.SubDevice;
import dev.downlink.model.Versions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What adapters ask for devices that speak of themselves or of what hangs below them (southbound §2.7, §6). A connection
 * speaks only for its own device and those below it: for all others there is {@link Failure.DeviceNotFound}.
 */
public sealed interface SubDeviceRequest<R extends Record> extends RegistryRequest<R> {

    /** What a device runs; what it does not name stays as it is. */
    record ReportVersions(DeviceId connection, DeviceId device, Versions versions) implements SubDeviceRequest<Done> {}

    /** A gateway says which of its sub-devices are on line; the answer has an outcome for each, in the same order. */
    record ReportStatuses(DeviceId connection, List<Status> statuses) implements SubDeviceRequest<Outcomes> {
        /** In one event (southbound §3.6). */
        public static final int MAX = 100;

        public ReportStatuses {
            statuses = List.copyOf(statuses);
        }
    }

    /** Registers sub-devices by the rules of {@link DeviceRequest.CreateDevice}; the answer is in the same order. */
    record AddSubDevices(DeviceId connection, List<Draft> drafts) implements SubDeviceRequest<Added> {
        public static final int MAX = 50;

        public AddSubDevices {
            drafts = List.copyOf(drafts);
        }

        @Override
        public Duration patience() {
            return LONG;
        }
    }

    /** Deletes sub-devices; the answer has an outcome for each, in the same order. */
    record DeleteSubDevices(DeviceId connection, List<DeviceId> devices) implements SubDeviceRequest<Outcomes> {
        public static final int MAX = 50;

        public DeleteSubDevices {
            devices = List.copyOf(devices);
        }

        @Override
        public Duration patience() {
            return LONG;
        }
    }

    /**
     * The changes of what hangs below a connection, in their order.
     *
     * @param after the version behind which to begin
     * @param asked whether a gateway names this version: when it is not known any more, or not yet, all there are is answered
     */
    record FetchChanges(DeviceId connection, long after, boolean asked, int limit)
            implements SubDeviceRequest<Changes> {}

    /** Up to 50 devices are registered or deleted one after the other. */
    Duration LONG = Duration.ofSeconds(25);

    record Status(DeviceId device, boolean online) {}

    /** @param failure null: done */
    record Outcome(DeviceId device, @Nullable Failure failure) {}

    record Outcomes(List<Outcome> all) {
        public Outcomes {
            all = List.copyOf(all);
        }
    }

    /**
     * @param parent the connection's own device when absent
     * @param id made of product and node when absent
     */
    record Draft(
            @Nullable DeviceId parent,
            NodeName node,
            @Nullable DeviceId id,
            @Nullable String name,
            @Nullable String description,
            ProductId product,
            @Nullable Json extensionInfo) {}

    /** @param device null: not registered, for this {@code failure} */
    record Addition(@Nullable SubDevice device, @Nullable Failure failure) {}

    record Added(List<Addition> all) {
        public Added {
            all = List.copyOf(all);
        }
    }

    /** One whose device has no details is the end of it. */
    record Change(long version, SubDevice device) {}

    /** @param more whether there may be more behind these */
    record Changes(List<Change> all, boolean more) {
        public Changes {
            all = List.copyOf(all);
        }
    }
}
