// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.config.Settings;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.DataType;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.Para;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.model.User;
import dev.downlink.protocol.DeviceRequest.CreateDevice;
import dev.downlink.protocol.ProductRequest.Draft;
import dev.downlink.support.TestSettings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A project with two spaces, a product and devices, from which tests derive their own. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final ProjectId OURS = new ProjectId("ours");
    static final ProjectId THEIRS = new ProjectId("theirs");
    static final Project PROJECT = new Project(OURS, "ours", NOW);
    static final SpaceId DEFAULT = new SpaceId("default");
    static final SpaceId OTHER = new SpaceId("other");
    static final ProductId METER = new ProductId("meter");
    static final DeviceId GATEWAY = new DeviceId("gateway");
    static final DeviceId CHILD = new DeviceId("child");
    static final DeviceId GRANDCHILD = new DeviceId("grandchild");

    private Samples() {}

    static Space space(SpaceId id) {
        return new Space(OURS, id, "space-" + id, id.equals(DEFAULT), NOW);
    }

    static Product product(SpaceId space) {
        return product(space, METER, 1);
    }

    static Product product(SpaceId space, ProductId id, int version) {
        return new Product(
                RecordId.next(NOW),
                OURS,
                space,
                id,
                "Meter",
                "Water",
                "MQTT",
                "json",
                "Maker",
                null,
                null,
                List.of(service()),
                List.of(),
                null,
                NOW,
                version);
    }

    static ServiceModel service() {
        return new ServiceModel(
                "Meter",
                "Meter",
                List.of(property("interval", "60"), property("limit", "1.50"), property("level", null)),
                List.of(),
                List.of(),
                null,
                null);
    }

    private static ServiceModel.Property property(String name, @Nullable String value) {
        Para para = new Para(name, DataType.DECIMAL, false, List.of(), null, null, null, null, null, null);
        return new ServiceModel.Property(para, "RW", value == null ? null : new Json(value));
    }

    static Device device(DeviceId id, @Nullable DeviceId parent) {
        return new Device(
                RecordId.next(NOW),
                OURS,
                DEFAULT,
                METER,
                id,
                new NodeName("node-" + id),
                parent,
                "A-name",
                null,
                secret("primary-secret"),
                null,
                false,
                NOW,
                1);
    }

    static Device next(Device d) {
        return new Device(
                d.recordId(),
                d.project(),
                d.space(),
                d.product(),
                d.id(),
                d.node(),
                d.parent(),
                d.name(),
                d.description(),
                d.auth(),
                d.extensionInfo(),
                d.frozen(),
                d.created(),
                d.version() + 1);
    }

    static Device in(ProjectId project, Device d) {
        return new Device(
                d.recordId(),
                project,
                d.space(),
                d.product(),
                d.id(),
                d.node(),
                d.parent(),
                d.name(),
                d.description(),
                d.auth(),
                d.extensionInfo(),
                d.frozen(),
                d.created(),
                d.version());
    }

    static AuthInfo secret(@Nullable String value) {
        return new AuthInfo(AuthInfo.Type.SECRET, value == null ? null : new Secret(value), null, null, null, false, 0);
    }

    static AuthInfo certificate(@Nullable String fingerprint) {
        return new AuthInfo(AuthInfo.Type.CERTIFICATES, null, null, fingerprint, null, true, 0);
    }

    static CreateDevice registration(String node, @Nullable DeviceId gateway) {
        return new CreateDevice(
                OURS, null, METER, null, new NodeName(node), gateway, null, null, secret(null), null, List.of());
    }

    static Draft draft(String name) {
        return new Draft(name, "Water", "MQTT", "json", null, null, null, List.of(service()));
    }

    static User withProjects(User user, List<Project> projects) {
        return new User(user.domain(), user.name(), user.passwordHash(), user.passwordSince(), projects);
    }

    static Settings settings() {
        return TestSettings.of("REGISTRY_CACHE_SIZE", "100", "REGISTRY_CACHE_TIME", "10m");
    }
}
