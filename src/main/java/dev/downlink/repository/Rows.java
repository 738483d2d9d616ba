// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reading what a statement answered. */
final class Rows {
    private Rows() {}

    static <T> List<T> all(RowSet<Row> rows, Function<Row, T> read) {
        List<T> all = new ArrayList<>(rows.size());
        for (Row row : rows) {
            all.add(read.apply(row));
        }
        return all;
    }

    static <T> T one(RowSet<Row> rows, Function<Row, T> read, Failure none) {
        for (Row row : rows) {
            return read.apply(row);
        }
        throw new Failed(none);
    }

    /** Done when the statement changed a row. */
    static Future<Done> changed(RowSet<Row> rows, Failure none) {
        return rows.rowCount() > 0 ? Future.succeededFuture(Done.DONE) : Future.failedFuture(new Failed(none));
    }

    /** Of a statement that counts. */
    static long count(RowSet<Row> rows) {
        return rows.iterator().next().getLong(0);
    }

    static String text(Row row, String column) {
        return row.getString(column);
    }

    static @Nullable String optional(Row row, String column) {
        return row.getString(column);
    }

    static Instant time(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    static @Nullable Instant optionalTime(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
