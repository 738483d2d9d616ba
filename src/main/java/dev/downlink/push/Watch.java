// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.PushRows.LookForEvents;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Looks for a whole node whether ids of events were taken, which costs next to nothing, and tells all instances. An id is taken
 * before its row is committed, so they are told a while longer; and once in a while they are told to look at everything, should a
 * commit have taken longer than that. Belongs to one instance of the room.
 */
final class Watch {
    /** Between two looks: an event is sent that much later at most when nothing was sent before. */
    static final Duration PACE = Duration.ofMillis(100);
    /** A commit seldom takes longer. */
    private static final long SETTLING = Duration.ofSeconds(2).toNanos();
    /** Between two looks at everything, while something was stored of late. */
    private static final long THOROUGH = Duration.ofSeconds(10).toNanos();
    /** Longer than any transaction of a gateway that works. */
    private static final long LATE = Duration.ofSeconds(30).toNanos();

    private static final long ALWAYS = Duration.ofMinutes(1).toNanos();

    private final Bus bus;
    private final LongSupplier now;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private long last = -1;
    private long movedAt;
    private long thoroughAt;
    private long settled;

    private record Seen(long at, long id) {}

    /** @param now nanoseconds that only grow */
    Watch(Bus bus, LongSupplier now) {
        this.bus = bus;
        this.now = now;
    }

    Future<?> look() {
        return bus.ask(new LookForEvents()).onSuccess(found -> saw(found.id(), now.getAsLong()));
    }

    private void saw(long id, long at) {
        if (id != last) {
            last = id;
            movedAt = at;
            seen.add(new Seen(at, id));
        }
        while (!seen.isEmpty() && at - seen.element().at() > SETTLING) {
            settled = seen.remove().id();
        }
        if (at - thoroughAt > (at - movedAt < LATE ? THOROUGH : ALWAYS)) {
            thoroughAt = at;
            bus.publishHere(new Notice.EventsStored(0));
        } else if (at - movedAt <= SETTLING) {
            bus.publishHere(new Notice.EventsStored(settled));
        }
    }
}
