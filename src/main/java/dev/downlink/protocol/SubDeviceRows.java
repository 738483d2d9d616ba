// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Versions;
import java.util.List;

/** What devices and gateways say, and the lists of what hangs below connections. */
public sealed interface SubDeviceRows<R extends Record> extends RepositoryRequest<R> {

    /** Writes only what is different; in batches. Fails with {@link Failure.DeviceNotFound}. */
    record UpsertVersions(DeviceId device, Versions versions) implements SubDeviceRows<Done> {}

    /**
     * Writes a sub-device's status if it is another one, with its event if a rule asks; in batches. Fails with
     * {@link Failure.DeviceNotFound}.
     */
    record UpsertChildStatus(DeviceId device, boolean online) implements SubDeviceRows<Done> {}

    /** Read in batches; the meaning is that of {@link SubDeviceRequest.FetchChanges}. */
    record SelectChanges(DeviceId connection, long after, boolean asked, int limit)
            implements SubDeviceRows<SubDeviceRequest.Changes> {}

    /**
     * Hangs a sub-device and all below it under another gateway, with the messages that are kept for them. Fails with
     * {@link Failure.Conflict} when one of the two is not as it was seen, or whether there is something below the device.
     *
     * @param parent whether there are devices below it
     */
    record MoveDevice(Device device, boolean parent, Device gateway) implements SubDeviceRows<Moved> {}

    /** Moves messages after their devices that were stored while these moved; so many connections at a time. */
    record CollectStragglers(int limit) implements SubDeviceRows<Collected> {}

    /**
     * @param from the connection that the device had
     * @param to the one that it has
     */
    record Moved(DeviceId from, DeviceId to) {}

    /** @param connections which lost or got devices or messages, and have to be told */
    record Collected(List<DeviceId> connections, boolean more) {
        public Collected {
            connections = List.copyOf(connections);
        }
    }
}
