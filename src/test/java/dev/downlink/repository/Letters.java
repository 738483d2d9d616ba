// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.Secret;
import dev.downlink.model.TimelineStep;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.InsertMessage;
import dev.downlink.protocol.MessageRows.SettleMessage;
import dev.downlink.support.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages for tests, and a look into the tables. */
final class Letters {
    static final Duration GRACE = Duration.ofSeconds(30);
    static final TimelineStep ACCEPTED = new TimelineStep(Room.NOW, TimelineStep.Kind.ACCEPTED, null);

    private Letters() {}

    static Message message(String id) {
        return message(id, 5);
    }

    static Message message(String id, int ttl) {
        return message(id, ttl, new Json("{\"hello\":1}"));
    }

    static Message message(String id, int ttl, Json content) {
        return new Message(
                new MessageId(id),
                "name",
                content,
                Message.Encoding.NONE,
                Message.Format.STANDARD,
                "a/b",
                null,
                null,
                ttl);
    }

    static InsertMessage insert(DeviceId device, Message message, MessageCache cache) {
        return new InsertMessage(Room.PROJECT, device, message, cache, GRACE, ACCEPTED);
    }

    static SettleMessage settle(MessageKey key, Fate fate, @Nullable MessageError error, TimelineStep... steps) {
        return new SettleMessage(key, fate, error, List.of(steps));
    }

    /** The first column of what a query finds. */
    static List<String> read(Secret uri, String sql) {
        try (Connection connection = TestDatabase.connect(uri);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
