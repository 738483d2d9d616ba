// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.AuthInfo;
import dev.downlink.model.ChildPresence;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceSearch;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.GroupId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.Presence;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Tag;
import dev.downlink.model.Versions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Devices (northbound §1.2). */
public sealed interface DeviceRequest<R extends Record> extends RegistryRequest<R> {

    /**
     * @param id made of product and node when absent
     * @param gateway the parent of a sub-device
     * @param auth secrets are made when the type asks for one and none is given
     * @param shadow first desired values per service; win over the product's defaults
     */
    record CreateDevice(
            ProjectId project,
            @Nullable SpaceId space,
            ProductId product,
            @Nullable DeviceId id,
            NodeName node,
            @Nullable DeviceId gateway,
            @Nullable String name,
            @Nullable String description,
            AuthInfo auth,
            @Nullable Json extensionInfo,
            List<Desired> shadow)
            implements DeviceRequest<DeviceView> {}

    record ShowDevice(ProjectId project, DeviceId id) implements DeviceRequest<DeviceView> {}

    /** Replaces the fields that are there; the others stay. */
    record UpdateDevice(
            ProjectId project,
            DeviceId id,
            @Nullable String name,
            @Nullable String description,
            @Nullable Json extensionInfo,
            @Nullable Boolean secureAccess,
            @Nullable Integer timeoutSeconds)
            implements DeviceRequest<DeviceView> {}

    record DeleteDevice(ProjectId project, DeviceId id) implements DeviceRequest<Done> {}

    /** The device may not connect any more; a connection it has is closed. */
    record FreezeDevice(ProjectId project, DeviceId id) implements DeviceRequest<Done> {}

    record UnfreezeDevice(ProjectId project, DeviceId id) implements DeviceRequest<Done> {}

    /** @param secret made by the gateway when absent */
    record ResetSecret(
            ProjectId project,
            DeviceId id,
            AuthInfo.Slot slot,
            @Nullable Secret secret,
            boolean forceDisconnect) implements DeviceRequest<DeviceView> {}

    /** @param fingerprint absent to forget it: the next certificate that connects is taken */
    record ResetFingerprint(
            ProjectId project,
            DeviceId id,
            AuthInfo.Slot slot,
            @Nullable String fingerprint,
            boolean forceDisconnect) implements DeviceRequest<DeviceView> {}

    /**
     * Hangs a sub-device, and what is below it, under another gateway of the project. Fails with {@link Failure.Invalid} when
     * it is no sub-device, or would then be below itself or too deep.
     */
    record ChangeGateway(ProjectId project, DeviceId id, DeviceId gateway) implements DeviceRequest<Done> {}

    /** Remembers the certificate of a device's first connection, unless there is one already. */
    record LearnFingerprint(DeviceId id, String fingerprint) implements DeviceRequest<Done> {}

    /** Devices that fit, or only their number. */
    record SearchDevices(ProjectId project, DeviceSearch search) implements DeviceRequest<Found> {}

    /** @param devices with the groups that they are in; none when only the number was asked for */
    record Found(List<FoundDevice> devices, @Nullable Long count) {}

    /** @param groups the static groups that hold the device */
    record FoundDevice(DeviceView view, List<GroupId> groups) {}

    /** A service's first desired values: a JSON object. */
    record Desired(String serviceId, Json properties) {}

    /**
     * @param presence null: it has never been connected
     * @param reported what it says of itself
     * @param child of a sub-device; null: its gateway has not said anything
     */
    record DeviceView(
            Device device,
            String productName,
            String spaceName,
            @Nullable Presence presence,
            DeviceStatus status,
            List<Tag> tags,
            Versions reported,
            @Nullable ChildPresence child) {

        public DeviceView with(Device changed) {
            return new DeviceView(changed, productName, spaceName, presence, status, tags, reported, child);
        }
    }
}
