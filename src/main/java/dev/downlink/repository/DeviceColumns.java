// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.ChildPresence;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.GroupId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Versions;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.SessionRows;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a device is read from its row, and which rows a list is made of. */
record DeviceColumns(Vault vault) {
    /** The device alone. */
    static final String SELECT = "SELECT d.*, p.product_id FROM device d JOIN product p ON p.record_id = d.product";

    /** The status of device {@code d} (northbound §1.2): of a sub-device what its gateway says (southbound §6). */
    static final String STATUS = """
        CASE WHEN d.frozen THEN 'FROZEN'
        WHEN d.parent IS NOT NULL THEN coalesce((
            SELECT CASE WHEN c.first_online IS NULL THEN 'INACTIVE' WHEN c.online THEN 'ONLINE' ELSE 'OFFLINE' END
            FROM device_report c WHERE c.device_id = d.device_id), 'INACTIVE')
        ELSE coalesce((
            SELECT CASE
                WHEN x.address IS NULL THEN 'OFFLINE'
                WHEN EXISTS (SELECT FROM node n WHERE n.id = x.node AND n.beat > now() - interval '%d ms') THEN 'ONLINE'
                ELSE 'ABNORMAL' END
            FROM session x WHERE x.device_id = d.device_id), 'INACTIVE') END\
        """.formatted(SessionRows.SILENCE.toMillis());

    private static final String COLUMNS = """
        d.*, p.product_id, p.name AS product_name, a.name AS space_name, s.epoch, s.address, s.first_online, s.changed,
        r.sdk_version, r.sw_version, r.fw_version,
        r.online AS child_online, r.first_online AS child_first_online, r.changed AS child_changed, %s AS status,
        coalesce((
            SELECT jsonb_agg(jsonb_build_object('key', t.tag_key, 'value', t.tag_value) ORDER BY t.tag_key)
            FROM device_tag t WHERE t.device_id = d.device_id), '[]')::text AS tags\
        """.formatted(STATUS);

    private static final String FROM = """

        FROM device d
        JOIN product p ON p.record_id = d.product
        JOIN space a ON a.project_id = d.project_id AND a.space_id = d.space_id
        LEFT JOIN session s ON s.device_id = d.device_id
        LEFT JOIN device_report r ON r.device_id = d.device_id\
        """;

    /** All that is shown of a device. */
    static final String VIEW = "SELECT " + COLUMNS + FROM;

    /** Also the static groups that hold it. */
    static final String VIEW_WITH_GROUPS = "SELECT " + COLUMNS + ", ARRAY(SELECT m.group_id FROM device_group_member m"
            + " WHERE m.device_id = d.device_id ORDER BY"
            + " m.group_id) AS groups"
            + FROM;

    private static final String CHILDREN = """
        d.device_id IN (
            WITH RECURSIVE tree AS (
                SELECT c.device_id, 1 AS depth FROM device c WHERE c.parent = ?
                UNION ALL
                SELECT c.device_id, t.depth + 1 FROM tree t JOIN device c ON c.parent = t.device_id WHERE t.depth < 2)
            SELECT device_id FROM tree)\
        """;

    static Where where(ProjectId project, DeviceRows.Filter filter) {
        SpaceId space = filter.space();
        ProductId product = filter.product();
        DeviceId gateway = filter.gateway();
        return new Where()
                .and("d.project_id = ?", project.value())
                .and("d.space_id = ?", space == null ? null : space.value())
                .and(
                        "d.product IN (SELECT record_id FROM product WHERE project_id = $1 AND product_id = ?)",
                        product == null ? null : product.value())
                .and(filter.cascade() ? CHILDREN : "d.parent = ?", gateway == null ? null : gateway.value())
                .and("d.node_id = ?", filter.node())
                .and("d.name = ?", filter.name())
                .and("d.created >= ?", time(filter.from()))
                .and("d.created <= ?", time(filter.to()));
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : Rows.time(time);
    }

    DeviceRequest.DeviceView view(Row row) {
        Device device = device(row);
        return new DeviceRequest.DeviceView(
                device,
                Rows.text(row, "product_name"),
                Rows.text(row, "space_name"),
                SessionTable.presence(row, device.id()),
                DeviceStatus.valueOf(Rows.text(row, "status")),
                Documents.tags(Rows.text(row, "tags")),
                versions(row),
                child(row));
    }

    DeviceRequest.FoundDevice found(Row row) {
        List<GroupId> groups =
                Arrays.stream(row.getArrayOfStrings("groups")).map(GroupId::new).toList();
        return new DeviceRequest.FoundDevice(view(row), groups);
    }

    /** @param row with the columns sdk_version, sw_version and fw_version */
    static Versions versions(Row row) {
        return new Versions(
                Rows.optional(row, "sdk_version"), Rows.optional(row, "sw_version"), Rows.optional(row, "fw_version"));
    }

    /** @param row with the columns child_online, child_first_online and child_changed */
    static @Nullable ChildPresence child(Row row) {
        Boolean online = row.getBoolean("child_online");
        OffsetDateTime first = row.getOffsetDateTime("child_first_online");
        return online == null
                ? null
                : new ChildPresence(online, first == null ? null : first.toInstant(), Rows.time(row, "child_changed"));
    }

    Device device(Row row) {
        String parent = Rows.optional(row, "parent");
        String extension = Rows.optional(row, "extension_info");
        return new Device(
                new RecordId(Rows.text(row, "record_id")),
                new ProjectId(Rows.text(row, "project_id")),
                new SpaceId(Rows.text(row, "space_id")),
                new ProductId(Rows.text(row, "product_id")),
                new DeviceId(Rows.text(row, "device_id")),
                new NodeName(Rows.text(row, "node_id")),
                parent == null ? null : new DeviceId(parent),
                Rows.optional(row, "name"),
                Rows.optional(row, "description"),
                auth(row),
                extension == null ? null : new Json(extension),
                row.getBoolean("frozen"),
                Rows.time(row, "created"),
                row.getInteger("version"));
    }

    private AuthInfo auth(Row row) {
        return new AuthInfo(
                AuthInfo.Type.valueOf(Rows.text(row, "auth_type")),
                open(Rows.optional(row, "secret")),
                open(Rows.optional(row, "secondary_secret")),
                Rows.optional(row, "fingerprint"),
                Rows.optional(row, "secondary_fingerprint"),
                row.getBoolean("secure_access"),
                row.getInteger("timeout_seconds"));
    }

    private @Nullable Secret open(@Nullable String sealed) {
        return sealed == null ? null : vault.open(sealed);
    }

    @Nullable
    String seal(@Nullable Secret secret) {
        return secret == null ? null : vault.seal(secret);
    }
}
