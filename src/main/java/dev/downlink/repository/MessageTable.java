// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.DeliveryRequest.MaybeMessage;
import dev.downlink.protocol.DeliveryRequest.Messages;
import dev.downlink.protocol.DeliveryRequest.Waiting;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.Expired;
import dev.downlink.protocol.MessageRows.InsertMessage;
import dev.downlink.protocol.MessageRows.Inserted;
import dev.downlink.protocol.MessageRows.SelectWaiting;
import dev.downlink.protocol.MessageRows.SettleMessage;
import dev.downlink.protocol.MessageRows.Settled;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;

/**
 * Messages on their way to devices, kept with the device that has the connection. What is done per message goes in batches.
 */
final class MessageTable {
    /** More than a commit takes after its statement. */
    private static final Duration COMMIT = Duration.ofSeconds(5);

    private static final String SELECT =
            "SELECT " + MessageColumns.MESSAGE + ", m.state, m.created, m.finished, m.timeline FROM message m";

    /** In order of keys, as all that touches several messages. */
    private static final String FORGET = """
        WITH l AS MATERIALIZED (
            SELECT connection_id, child_id, message_id FROM message WHERE connection_id = ANY($1::text[]) %s
            ORDER BY connection_id, child_id, message_id FOR UPDATE)
        DELETE FROM message m USING l
        WHERE m.connection_id = l.connection_id AND m.child_id = l.child_id AND m.message_id = l.message_id\
        """;

    private static final String FORGET_CONNECTIONS = FORGET.formatted("");
    private static final String FORGET_CHILD = FORGET.formatted("AND child_id = $2::text");

    private final Database database;
    private final MessageInserts inserts;
    private final MessageSettles settles;
    private final WaitingMessages waiting;
    private final MessageExpiry expiry;

    MessageTable(Database database, Settings.Database settings, Batching batching) {
        this.database = database;
        inserts = new MessageInserts(database, batching, longestInsert(settings));
        settles = new MessageSettles(database, batching);
        waiting = new WaitingMessages(database, batching);
        expiry = new MessageExpiry(database);
    }

    /** A message whose statement began so long ago is committed, or never will be. */
    static Duration longestInsert(Settings.Database settings) {
        return settings.statementTimeout().plus(COMMIT);
    }

    Future<Inserted> insert(InsertMessage q) {
        return inserts.insert(q);
    }

    Future<Settled> settle(SettleMessage q) {
        return settles.settle(q);
    }

    Future<Waiting> selectWaiting(SelectWaiting q) {
        return waiting.select(q);
    }

    Future<Expired> expire(int limit) {
        return expiry.expire(limit);
    }

    Future<Messages> list(DeviceId connection, DeviceId device, int limit) {
        String child = device.equals(connection) ? "" : device.value();
        return database.run(
                        SELECT
                                + " WHERE m.connection_id = $1 AND m.child_id = $2 ORDER BY m.sequence DESC LIMIT"
                                + " $3::int",
                        connection.value(),
                        child,
                        limit)
                .map(rows -> new Messages(device, Rows.all(rows, row -> MessageColumns.stored(row, false))));
    }

    Future<MaybeMessage> select(MessageKey key) {
        return database.run(
                        SELECT + " WHERE m.connection_id = $1 AND m.child_id = $2 AND m.message_id = $3",
                        key.connection().value(),
                        MessageColumns.child(key),
                        key.id().value())
                .map(MessageTable::maybe);
    }

    private static MaybeMessage maybe(RowSet<Row> rows) {
        for (Row row : rows) {
            return new MaybeMessage(MessageColumns.stored(row, true));
        }
        return new MaybeMessage(null);
    }

    Future<Done> delete(MessageKey key) {
        return database.run(
                        "DELETE FROM message WHERE connection_id = $1 AND child_id = $2 AND message_id = $3",
                        key.connection().value(),
                        MessageColumns.child(key),
                        key.id().value())
                .map(Done.DONE);
    }

    /** Deletes all that is kept with devices that have connections. */
    static Future<?> forget(SqlConnection connection, List<String> devices) {
        return Database.run(connection, FORGET_CONNECTIONS, (Object) devices.toArray(String[]::new));
    }

    /** Deletes what is kept with gateways for a device below them. */
    static Future<?> forget(SqlConnection connection, List<String> gateways, String child) {
        return Database.run(connection, FORGET_CHILD, gateways.toArray(String[]::new), child);
    }
}
