// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.bus.Answer;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.protocol.DeliveryRequest;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.FetchWaiting;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.DeliveryRequest.Waiting;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.QueuedMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The delivery room with a table behind it, as far as the MQTT room meets it. */
final class MessageTable {
    static final DeviceId DEVICE = new DeviceId("d_1");

    /** Reports in the order in which they were recorded. */
    final BlockingQueue<Settle> settled = new LinkedBlockingQueue<>();
    /** Also those that were not recorded. */
    final BlockingQueue<Settle> reported = new LinkedBlockingQueue<>();

    final BlockingQueue<FetchWaiting> pulls = new LinkedBlockingQueue<>();
    volatile boolean away;
    /** When set, pages are read at once and answered only when it is completed. */
    volatile Promise<Void> holdPulls;
    /** When set, reports are recorded at once and answered only when it is completed. */
    volatile Promise<Void> holdSettles;

    private final AtomicLong sequences = new AtomicLong();
    private final ConcurrentSkipListMap<Long, QueuedMessage> rows = new ConcurrentSkipListMap<>();

    /** A message of the device that is sent to its system topic in an envelope. */
    static Message message(String id) {
        return message(id, null, 60);
    }

    static Message message(String id, String topicFullName, int ttl) {
        return new Message(
                new MessageId(id),
                null,
                new Json("\"hello\""),
                Message.Encoding.NONE,
                Message.Format.RAW,
                null,
                topicFullName,
                null,
                ttl);
    }

    @CanIgnoreReturnValue
    QueuedMessage add(Message message) {
        return add(message, Duration.ofHours(1));
    }

    @CanIgnoreReturnValue
    QueuedMessage add(Message message, DeviceId device) {
        return add(message, device, Duration.ofHours(1));
    }

    @CanIgnoreReturnValue
    QueuedMessage add(Message message, Duration remaining) {
        return add(message, DEVICE, remaining);
    }

    private QueuedMessage add(Message message, DeviceId device, Duration remaining) {
        QueuedMessage row = new QueuedMessage(
                new MessageKey(device, device, message.id()), sequences.incrementAndGet(), message, remaining, null);
        rows.put(row.sequence(), row);
        return row;
    }

    /** The next report that is recorded, within ten seconds. */
    @CanIgnoreReturnValue
    Settle nextSettled() {
        return next(settled);
    }

    @CanIgnoreReturnValue
    Settle nextReported() {
        return next(reported);
    }

    @CanIgnoreReturnValue
    FetchWaiting nextPull() {
        return next(pulls);
    }

    private static <T> T next(BlockingQueue<T> queue) {
        try {
            T found = queue.poll(10, TimeUnit.SECONDS);
            if (found == null) {
                throw new AssertionError("nothing came");
            }
            return found;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer<?> answer(DeliveryRequest<?> request) {
        return switch (request) {
            case FetchWaiting q -> Answer.to(q, fetch(q));
            case Settle q -> Answer.to(q, settle(q));
            default -> throw new IllegalArgumentException(request.toString());
        };
    }

    private Future<Waiting> fetch(FetchWaiting q) {
        pulls.add(q);
        checkThere();
        List<QueuedMessage> page = rows.tailMap(q.after(), false).values().stream()
                .filter(row -> row.key().connection().equals(q.connection()))
                .limit(q.limit() + 1L)
                .toList();
        boolean more = page.size() > q.limit();
        Waiting answer = new Waiting(more ? page.subList(0, q.limit()) : page, more);
        return holdPulls == null
                ? Future.succeededFuture(answer)
                : holdPulls.future().map(answer);
    }

    private Future<Done> settle(Settle q) {
        reported.add(q);
        checkThere();
        rows.replaceAll((_, row) -> row.key().equals(q.key()) ? with(row, q.error()) : row);
        if (q.fate() == Fate.DELIVERED || q.fate() == Fate.FAILED) {
            rows.values().removeIf(row -> row.key().equals(q.key()));
        }
        settled.add(q);
        return holdSettles == null
                ? Future.succeededFuture(Done.DONE)
                : holdSettles.future().map(Done.DONE);
    }

    private static QueuedMessage with(QueuedMessage row, MessageError error) {
        return new QueuedMessage(row.key(), row.sequence(), row.message(), row.remaining(), error);
    }

    private void checkThere() {
        if (away) {
            throw new Failed(new Failure.StorageUnavailable());
        }
    }
}
