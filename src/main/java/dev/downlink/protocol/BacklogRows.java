// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much waits in the outlets, as sweeps measure it; and what is dropped or collected when it is too much or nobody's. */
public sealed interface BacklogRows<R extends Record> extends RepositoryRequest<R> {
    /** For statements that read a whole backlog. */
    Duration SLOW = Duration.ofSeconds(15);

    /** What waits, of all outlets for which something does. */
    record SelectBacklogs() implements BacklogRows<Backlogs> {}

    record Backlogs(List<Backlog> all) {
        public Backlogs {
            all = List.copyOf(all);
        }
    }

    /**
     * @param waiting as at the last sweep
     * @param oldest when the event happened that waits longest
     */
    record Backlog(int outlet, long waiting, Instant oldest) {}

    /**
     * Takes outlets whose backlog is to be measured, so that nobody else does it meanwhile.
     *
     * @param maxBytes where no policy says less
     * @param maxAge likewise
     */
    record ClaimSweeps(long maxBytes, Duration maxAge, int limit) implements BacklogRows<Sweeps> {}

    record Sweeps(List<Sweep> all) {
        public Sweeps {
            all = List.copyOf(all);
        }
    }

    /** The bounds of an outlet. */
    record Sweep(int outlet, long maxBytes, Duration maxAge) {}

    /** Counts what waits. */
    record MeasureBacklog(int outlet) implements BacklogRows<Measured> {
        @Override
        public Duration patience() {
            return SLOW;
        }
    }

    record Measured(long waiting, long bytes, @Nullable Instant oldest) {}

    /**
     * Drops an outlet's oldest events: those that are too old, and more of them until so many bytes are gone.
     *
     * @param limit of events a lane in one statement
     */
    record DropOldest(int outlet, Duration maxAge, long bytes, int limit) implements BacklogRows<Dropped> {
        @Override
        public Duration patience() {
            return SLOW;
        }
    }

    /** @param more whether there may be more to drop */
    record Dropped(List<DroppedEvents> events, long bytes, boolean more) {
        public Dropped {
            events = List.copyOf(events);
        }
    }

    record DroppedEvents(int action, long count) {}

    /** Removes outlets that are neither an action's nor a queue's, what waits for outlets that are gone, and who is gone. */
    record CollectOrphans(int limit) implements BacklogRows<Collected> {
        @Override
        public Duration patience() {
            return SLOW;
        }
    }

    record Collected(int events, boolean more) {}
}
