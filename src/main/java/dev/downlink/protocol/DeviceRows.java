// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of devices. */
public sealed interface DeviceRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.DeviceExists}. Shadow rows are written in the same transaction. */
    record InsertDevice(Device device, List<DeviceRequest.Desired> shadow) implements DeviceRows<Done> {}

    /** Device and product together; read in batches. Fails with {@link Failure.DeviceNotFound}. */
    record SelectDevice(DeviceId id) implements DeviceRows<DeviceWithProduct> {}

    /** All that the API shows of one device. Fails with {@link Failure.DeviceNotFound}. */
    record SelectDeviceView(DeviceId id) implements DeviceRows<DeviceRequest.DeviceView> {}

    /** Fails with {@link Failure.Conflict} when the version in the table is not the device's. The new row has one more. */
    record UpdateDeviceRow(Device device) implements DeviceRows<Done> {}

    /** Fails with {@link Failure.InUse} while there are sub-devices. */
    record DeleteDeviceRow(DeviceId id) implements DeviceRows<Done> {}

    record CountChildren(DeviceId gateway) implements DeviceRows<Count> {}

    /** Registrations that were never used within their time-out; deletes at most {@code limit} of them. */
    record DeleteUnused(Instant now, int limit) implements DeviceRows<Deleted> {}

    record ListDevices(ProjectId project, Filter filter, Page page) implements DeviceRows<DevicePage> {}

    /**
     * @param gateway children of this gateway
     * @param cascade children of children too
     * @param from registered at this time or later
     * @param to registered at this time or earlier
     */
    record Filter(
            @Nullable SpaceId space,
            @Nullable ProductId product,
            @Nullable DeviceId gateway,
            boolean cascade,
            @Nullable String node,
            @Nullable String name,
            @Nullable Instant from,
            @Nullable Instant to) {}

    record DeviceWithProduct(Device device, Product product) {}

    record DevicePage(List<DeviceRequest.DeviceView> devices, long count) {}

    record Count(long count) {}

    record Deleted(List<DeviceId> devices) {}
}
