// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.DeviceId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Tag;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.TagRows;
import dev.downlink.protocol.TagRows.Tagged;
import dev.downlink.protocol.TagRows.Wanted;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;

/** Tags of devices; they go with their device. */
final class TagTable {
    private static final String UPSERT = """
        INSERT INTO device_tag (device_id, tag_key, project_id, tag_value)
        SELECT $1::text, q.key, $2::text, q.value FROM unnest($3::text[], $4::text[]) AS q (key, value)
        ON CONFLICT (device_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value\
        """;

    /** Each branch by its index. */
    private static final String TAGGED = """
        SELECT t.device_id FROM unnest($2::text[], $3::text[]) AS q (key, value)
        JOIN device_tag t ON t.project_id = $1::text AND t.tag_key = q.key AND t.tag_value = q.value
        UNION
        SELECT t.device_id FROM unnest($2::text[], $3::text[]) AS q (key, value)
        JOIN device_tag t ON t.project_id = $1::text AND t.tag_key = q.key
        WHERE q.value IS NULL\
        """;

    private static final String PAGE = "SELECT d.record_id, d.device_id FROM device d WHERE d.device_id IN (" + TAGGED
            + ") AND d.record_id < $4::text ORDER BY d.record_id DESC LIMIT $5::int OFFSET $6::int";

    private final Database database;

    TagTable(Database database) {
        this.database = database;
    }

    /** The device is locked, so that tags inserted at once are counted one after the other. */
    Future<Done> insert(TagRows.InsertTags q) {
        return database.transaction(c -> DeviceTable.lock(c, q.project(), q.device())
                .compose(_ -> Database.run(
                        c,
                        UPSERT,
                        q.device().value(),
                        q.project().value(),
                        strings(q.tags(), Tag::key),
                        strings(q.tags(), Tag::value)))
                .compose(_ -> checkCount(c, q.device(), q.maxPerDevice())));
    }

    private static Future<Done> checkCount(SqlConnection connection, DeviceId device, int max) {
        return Database.run(connection, "SELECT count(*) FROM device_tag WHERE device_id = $1", device.value())
                .map(rows -> {
                    if (rows.iterator().next().getLong(0) > max) {
                        throw new Failed(new Failure.LimitReached("tags of a device", max));
                    }
                    return Done.DONE;
                });
    }

    Future<Done> delete(TagRows.DeleteTags q) {
        return database.transaction(c -> DeviceTable.lock(c, q.project(), q.device())
                .compose(_ -> Database.run(
                        c,
                        "DELETE FROM device_tag WHERE device_id = $1 AND tag_key = ANY($2::text[])",
                        q.device().value(),
                        strings(q.keys(), key -> key)))
                .map(Done.DONE));
    }

    Future<TagRows.TaggedPage> list(TagRows.ListTagged q) {
        String project = q.project().value();
        var keys = strings(q.tags(), Wanted::key);
        var values = strings(q.tags(), Wanted::value);
        var count = database.run("SELECT count(*) FROM (" + TAGGED + ") t", project, keys, values);
        var rows = database.run(
                PAGE,
                project,
                keys,
                values,
                q.page().marker().value(),
                q.page().limit(),
                q.page().offset());
        return Future.all(count, rows)
                .map(_ -> new TagRows.TaggedPage(
                        Rows.all(rows.result(), TagTable::tagged),
                        count.result().iterator().next().getLong(0)));
    }

    private static Tagged tagged(Row row) {
        return new Tagged(new RecordId(Rows.text(row, "record_id")), new DeviceId(Rows.text(row, "device_id")));
    }
}
