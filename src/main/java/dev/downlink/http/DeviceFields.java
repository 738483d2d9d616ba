// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.model.AuthInfo;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Text;
import dev.downlink.protocol.DeviceRequest.CreateDevice;
import dev.downlink.protocol.DeviceRequest.Desired;
import dev.downlink.protocol.DeviceRequest.ResetFingerprint;
import dev.downlink.protocol.DeviceRequest.ResetSecret;
import dev.downlink.protocol.DeviceRequest.UpdateDevice;
import org.jspecify.annotations.Nullable;

/** Reads what is said about a device (northbound §1.2). */
final class DeviceFields {
    private static final AuthInfo DEFAULT_AUTH = new AuthInfo(AuthInfo.Type.SECRET, null, null, null, null, false, 0);

    private DeviceFields() {}

    static CreateDevice create(ProjectId project, Fields fields) {
        return new CreateDevice(
                project,
                fields.text("app_id", SpaceId::new),
                fields.mandatory("product_id", ProductId::new),
                fields.text("device_id", DeviceId::new),
                fields.mandatory("node_id", NodeName::new),
                fields.text("gateway_id", id -> deviceId("gateway_id", id)),
                name(fields),
                description(fields),
                auth(fields.object("auth_info")),
                extensionInfo(fields),
                fields.objects("shadow").stream().map(DeviceFields::desired).toList());
    }

    static UpdateDevice update(ProjectId project, DeviceId id, Fields fields) {
        @Nullable Fields auth = fields.object("auth_info");
        return new UpdateDevice(
                project,
                id,
                name(fields),
                description(fields),
                extensionInfo(fields),
                auth == null ? null : auth.bool("secure_access"),
                auth == null ? null : timeout(auth));
    }

    static ResetSecret resetSecret(ProjectId project, DeviceId id, Fields fields) {
        @Nullable Secret secret = fields.text("secret", Secret::new);
        AuthInfo.checkSecret("secret", secret);
        return new ResetSecret(
                project, id, slot(fields, "secret_type"), secret, fields.bool("force_disconnect", false));
    }

    static ResetFingerprint resetFingerprint(ProjectId project, DeviceId id, Fields fields) {
        @Nullable String fingerprint = AuthInfo.checkFingerprint("fingerprint", fields.text("fingerprint"));
        return new ResetFingerprint(
                project, id, slot(fields, "fingerprint_type"), fingerprint, fields.bool("force_disconnect", false));
    }

    /** A device id in a field of another name. */
    static DeviceId deviceId(String field, String value) {
        return new DeviceId(Text.identifier(field, value, DeviceId.MAX_LENGTH));
    }

    private static AuthInfo auth(@Nullable Fields fields) {
        if (fields == null) {
            return DEFAULT_AUTH;
        }
        @Nullable Integer timeout = fields.integer("timeout");
        return fields.inside(() -> new AuthInfo(
                type(fields),
                fields.text("secret", Secret::new),
                null,
                fields.text("fingerprint"),
                null,
                fields.bool("secure_access", false),
                timeout == null ? 0 : timeout));
    }

    private static @Nullable Integer timeout(Fields auth) {
        @Nullable Integer timeout = auth.integer("timeout");
        if (timeout != null && timeout < 0) {
            throw new InvalidField("auth_info.timeout", "must not be negative");
        }
        return timeout;
    }

    private static AuthInfo.Type type(Fields fields) {
        @Nullable String type = fields.text("auth_type");
        return switch (type) {
            case null -> AuthInfo.Type.SECRET;
            case "SECRET" -> AuthInfo.Type.SECRET;
            case "CERTIFICATES" -> AuthInfo.Type.CERTIFICATES;
            default -> throw new InvalidField("auth_type", "must be SECRET or CERTIFICATES");
        };
    }

    private static AuthInfo.Slot slot(Fields fields, String name) {
        @Nullable String slot = fields.text(name);
        return switch (slot) {
            case null -> AuthInfo.Slot.PRIMARY;
            case "PRIMARY" -> AuthInfo.Slot.PRIMARY;
            case "SECONDARY" -> AuthInfo.Slot.SECONDARY;
            default -> throw new InvalidField(name, "must be PRIMARY or SECONDARY");
        };
    }

    private static Desired desired(Fields fields) {
        String service = fields.mandatoryText("service_id");
        @Nullable Json desired = fields.jsonObject("desired");
        return fields.inside(() -> {
            Text.upTo("service_id", service, 32);
            if (desired == null) {
                throw new InvalidField("desired", "is mandatory");
            }
            return new Desired(service, desired);
        });
    }

    private static @Nullable String name(Fields fields) {
        return Text.optionalWords("device_name", fields.text("device_name"), 256);
    }

    private static @Nullable String description(Fields fields) {
        return Text.optional("description", fields.text("description"), 2048);
    }

    private static @Nullable Json extensionInfo(Fields fields) {
        @Nullable Json extensionInfo = fields.jsonObject("extension_info");
        if (fields.size("extension_info") > Device.MAX_EXTENSION_INFO) {
            throw new InvalidField("extension_info", "must not be larger than 1 KB");
        }
        return extensionInfo;
    }
}
