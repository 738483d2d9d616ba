// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.ChildPresence;
import dev.downlink.model.Device;
import dev.downlink.model.GroupId;
import dev.downlink.model.Presence;
import dev.downlink.model.Secret;
import dev.downlink.model.Tag;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.DeviceRequest.FoundDevice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a device looks in answers (northbound §1.2). */
final class DeviceShape {
    private DeviceShape() {}

    static ObjectNode full(DeviceView view) {
        Device device = view.device();
        Presence presence = view.presence();
        Members members = members(view)
                .put("auth_info", auth(device.auth()))
                .put("create_time", Timestamps.compact(device.created()))
                .put("extension_info", device.extensionInfo());
        ChildPresence child = view.child();
        if (!device.connectsByItself() && child != null) {
            times(members, child.changed(), child.firstOnline());
        } else if (presence != null) {
            times(members, presence.changed(), presence.firstOnline());
        }
        return members.node();
    }

    /** As in lists: without secrets and times. */
    static ObjectNode summary(DeviceView view) {
        return members(view).node();
    }

    private static void times(Members members, Instant changed, @Nullable Instant firstOnline) {
        if (firstOnline != null) {
            members.put("connection_status_update_time", Timestamps.millis(changed))
                    .put("active_time", Timestamps.millis(firstOnline));
        }
    }

    /** A device that connects by itself counts as a gateway, its own one. */
    private static Members members(DeviceView view) {
        Device device = view.device();
        return new Members()
                .put("app_id", device.space().value())
                .put("app_name", view.spaceName())
                .put("device_id", device.id().value())
                .put("node_id", device.node().value())
                .put("gateway_id", device.gateway().orElse(device.id()).value())
                .put("device_name", device.name())
                .put("node_type", device.connectsByItself() ? "GATEWAY" : "ENDPOINT")
                .put("description", device.description())
                .put("fw_version", view.reported().firmware())
                .put("sw_version", view.reported().software())
                .put("device_sdk_version", view.reported().sdk())
                .put("product_id", device.product().value())
                .put("product_name", view.productName())
                .put("status", view.status().name())
                .list("tags", view.tags(), DeviceShape::tag);
    }

    private static ObjectNode tag(Tag tag) {
        return new Members()
                .put("tag_key", tag.key())
                .put("tag_value", tag.value())
                .node();
    }

    /** As a search finds it; of its members only those that were asked for, all if none was. */
    static ObjectNode found(FoundDevice found, List<String> members) {
        DeviceView view = found.view();
        List<String> groups = found.groups().stream().map(GroupId::value).toList();
        ObjectNode all = members(view)
                .texts("groups", groups)
                .put("marker", view.device().recordId().value())
                .node();
        ObjectNode _ = all.without("description");
        return members.isEmpty() ? all : all.retain(members);
    }

    private static ObjectNode auth(AuthInfo auth) {
        return new Members()
                .put("auth_type", auth.type().name())
                .put("secret", text(auth.secret()))
                .put("secondary_secret", text(auth.secondarySecret()))
                .put("fingerprint", auth.fingerprint())
                .put("secondary_fingerprint", auth.secondaryFingerprint())
                .put("secure_access", auth.secureAccess())
                .put("timeout", (long) auth.timeoutSeconds())
                .node();
    }

    private static @Nullable String text(@Nullable Secret secret) {
        return secret == null ? null : secret.value();
    }
}
