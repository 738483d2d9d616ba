// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.StoredEvent;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a read of the outbox answered: events lane by lane, and the headers that the events of a device share. */
final class OutboxPages {
    private static final int OUTLET = 0;
    private static final int LANE = 1;
    private static final int TOTAL = 2;
    private static final int ID = 3;
    private static final int ACTION = 4;
    private static final int PROJECT = 5;
    private static final int DEVICE = 6;
    private static final int SUBJECT = 7;
    private static final int HAPPENED = 8;
    private static final int HEADER = 9;
    private static final int BODY = 10;

    private final Map<LaneKey, List<Row>> lanes = new LinkedHashMap<>();
    private final Map<String, Json> headers = new HashMap<>();

    /** A row without an outlet is the header of a device. */
    OutboxPages(Iterable<Row> rows) {
        for (Row row : rows) {
            Integer outlet = row.getInteger(OUTLET);
            if (outlet == null) {
                headers.put(row.getString(DEVICE), new Json(row.getString(HEADER)));
            } else {
                lanes.computeIfAbsent(new LaneKey(outlet, row.getShort(LANE)), _ -> new ArrayList<>())
                        .add(row);
            }
        }
    }

    Set<LaneKey> lanes() {
        return lanes.keySet();
    }

    int count(LaneKey lane) {
        return rows(lane).size();
    }

    /** Bytes of all events of a lane in storage. */
    long size(LaneKey lane) {
        return rows(lane).isEmpty() ? 0 : rows(lane).getLast().getLong(TOTAL);
    }

    /** In order of id. What this version does not know is left for those that do. */
    List<StoredEvent> events(LaneKey lane) {
        return rows(lane).stream()
                .map(this::event)
                .flatMap(Optional::stream)
                .sorted((a, b) -> Long.compare(a.id(), b.id()))
                .toList();
    }

    private List<Row> rows(LaneKey lane) {
        return lanes.getOrDefault(lane, List.of());
    }

    private Optional<StoredEvent> event(Row row) {
        String device = row.getString(DEVICE);
        return Subject.of(row.getString(SUBJECT))
                .map(subject -> new StoredEvent(
                        row.getLong(ID),
                        row.getShort(LANE),
                        row.getInteger(ACTION),
                        new ProjectId(row.getString(PROJECT)),
                        device == null ? null : new DeviceId(device),
                        subject,
                        row.getOffsetDateTime(HAPPENED).toInstant(),
                        header(device, row.getString(HEADER)),
                        new Json(row.getString(BODY))));
    }

    private @Nullable Json header(@Nullable String device, @Nullable String own) {
        return own != null ? new Json(own) : device == null ? null : headers.get(device);
    }
}
