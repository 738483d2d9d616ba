// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Deadlines;
import dev.downlink.model.MessageStatus;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.Notice.MessageSettled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Applications that wait to hear what becomes of their message. Every wait ends with an answer, since the message is stored:
 * when the time is over it is pending. Bounded by what the room has in hand. Belongs to one thread.
 */
final class Waits {
    private final Deadlines deadlines;
    private final Duration limit;
    private final Map<MessageKey, Wait> waiting = new HashMap<>();
    private boolean ended;

    /** @param limit how long a wait may be; zero for none */
    Waits(Deadlines deadlines, Duration limit) {
        this.deadlines = deadlines;
        this.limit = limit;
    }

    /** Begins to wait; a message is waited for once at a time, since its id is stored once. */
    Future<MessageSettled> begin(MessageKey key) {
        if (ended || limit.isZero()) {
            return Future.succeededFuture(pending(key));
        }
        Wait wait = new Wait(key);
        waiting.put(key, wait);
        deadlines.add(wait, deadlines.now(), limit);
        return wait.promise.future();
    }

    /** Nothing is to be expected soon. */
    void giveUp(MessageKey key) {
        settled(pending(key));
    }

    void settled(MessageSettled notice) {
        Wait wait = waiting.remove(notice.key());
        if (wait != null) {
            deadlines.remove(wait);
            wait.promise.complete(notice);
        }
    }

    /** The node stops. */
    void end() {
        ended = true;
        List.copyOf(waiting.keySet()).forEach(this::giveUp);
    }

    private static MessageSettled pending(MessageKey key) {
        return new MessageSettled(key, MessageStatus.PENDING, null);
    }

    private final class Wait extends Deadlines.Entry {
        private final MessageKey key;
        private final Promise<MessageSettled> promise = Promise.promise();

        Wait(MessageKey key) {
            this.key = key;
        }

        @Override
        protected void expired() {
            giveUp(key);
        }
    }
}
