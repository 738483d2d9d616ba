// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A registered device (northbound §1.2). Whether it is connected is not part of it: see {@link Presence}.
 *
 * @param parent the gateway a sub-device hangs under, null for a device that connects by itself
 * @param extensionInfo an object of the application's own, at most 1 KB
 * @param version grows with every change, so that two changes at once do not overwrite each other
 */
public record Device(
        RecordId recordId,
        ProjectId project,
        SpaceId space,
        ProductId product,
        DeviceId id,
        NodeName node,
        @Nullable DeviceId parent,
        @Nullable String name,
        @Nullable String description,
        AuthInfo auth,
        @Nullable Json extensionInfo,
        boolean frozen,
        Instant created,
        int version) {

    public static final int MAX_EXTENSION_INFO = 1024;

    public Device {
        Text.optionalWords("device_name", name, 256);
        Text.optional("description", description, 2048);
        if (extensionInfo != null && extensionInfo.text().length() > MAX_EXTENSION_INFO) {
            throw new InvalidField("extension_info", "must not be larger than " + MAX_EXTENSION_INFO + " bytes");
        }
    }

    /** The id that a device gets when the application names none: product and node joined by {@code _}. */
    public static DeviceId defaultId(ProductId product, NodeName node) {
        return new DeviceId(product.value() + "_" + node.value());
    }

    public boolean connectsByItself() {
        return parent == null;
    }

    public Optional<DeviceId> gateway() {
        return Optional.ofNullable(parent);
    }

    public Device withAuth(AuthInfo changed) {
        return new Device(
                recordId,
                project,
                space,
                product,
                id,
                node,
                parent,
                name,
                description,
                changed,
                extensionInfo,
                frozen,
                created,
                version);
    }

    public Device withFrozen(boolean changed) {
        return new Device(
                recordId,
                project,
                space,
                product,
                id,
                node,
                parent,
                name,
                description,
                auth,
                extensionInfo,
                changed,
                created,
                version);
    }
}
