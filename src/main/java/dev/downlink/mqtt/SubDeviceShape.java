// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.downlink.model.SubDevice;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** How sub-devices, and what became of them, look in events to their gateway (southbound §2.7); what is null is left out. */
final class SubDeviceShape {
    private SubDeviceShape() {}

    static ObjectNode device(SubDevice device) {
        ObjectNode shape = EventsDown.object()
                .put("parent_device_id", device.parent().value())
                .put("node_id", device.node().value())
                .put("device_id", device.id().value())
                .put("product_id", device.product().value());
        SubDevice.Details details = device.details();
        if (details != null) {
            describe(shape, details);
        }
        return shape;
    }

    private static void describe(ObjectNode shape, SubDevice.Details details) {
        put(shape, "name", details.name());
        put(shape, "description", details.description());
        put(shape, "fw_version", details.versions().firmware());
        put(shape, "sw_version", details.versions().software());
        put(shape, "status", details.status().name());
        if (details.extensionInfo() != null) {
            shape.putRawValue(
                    "extension_info", new RawValue(details.extensionInfo().text()));
        }
    }

    private static void put(ObjectNode shape, String name, @Nullable String value) {
        if (value != null) {
            shape.put(name, value);
        }
    }

    /** Adds why something failed. */
    static ObjectNode failed(ObjectNode shape, Failure failure) {
        Problem problem = Problem.of(failure);
        return shape.put("error_code", problem.code()).put("error_msg", problem.text());
    }
}
