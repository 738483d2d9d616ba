// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * QoS 1 calls and events that wait for room in the window of their device, in the order in which they came. Bounded in number and in time.
 * Belongs to one connection; takes next to no memory while nothing waits.
 */
final class Backlog {
    /** In sweeps; ends before the patience of who asked for the delivery does. */
    private static final int MAX_WAIT = 3;

    private final int max;
    private @Nullable Queue<Entry> entries;
    private long bytes;

    Backlog(int max) {
        this.max = max;
    }

    /** A call or an event that is to be published. */
    static final class Entry {
        final String topic;
        final byte[] payload;
        final Inflight.Content content;
        private final int since;
        private final Promise<Void> published = Promise.promise();

        private Entry(String topic, byte[] payload, Inflight.Content content, int since) {
            this.topic = topic;
            this.payload = payload;
            this.content = content;
            this.since = since;
        }

        void published() {
            published.complete();
        }
    }

    boolean isFull() {
        return (entries == null ? 0 : entries.size()) >= max;
    }

    boolean isEmpty() {
        return entries == null;
    }

    /** Of all that waits. */
    long bytes() {
        return bytes;
    }

    /** Completes when it is published; there must be room. */
    Future<Void> add(String topic, byte[] payload, Inflight.Content content, int now) {
        if (entries == null) {
            entries = new ArrayDeque<>();
        }
        Entry entry = new Entry(topic, payload, content, now);
        entries.add(entry);
        bytes += payload.length;
        return entry.published.future();
    }

    Optional<Entry> poll() {
        return entries == null ? Optional.empty() : Optional.of(remove(entries));
    }

    /** Gives up what has waited too long. */
    void expire(int now, Failure failure) {
        while (entries != null && now - entries.element().since >= MAX_WAIT) {
            remove(entries).published.fail(new Failed(failure));
        }
    }

    /** Gives up all. */
    void fail(Failure failure) {
        while (entries != null) {
            remove(entries).published.fail(new Failed(failure));
        }
    }

    private Entry remove(Queue<Entry> from) {
        Entry entry = from.remove();
        bytes -= entry.payload.length;
        if (from.isEmpty()) {
            entries = null;
        }
        return entry;
    }
}
