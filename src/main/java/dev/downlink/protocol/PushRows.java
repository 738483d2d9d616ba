// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RuleId;
import dev.downlink.model.Subject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to applications. An outlet is where events wait for one destination: an action's own, or a queue that
 * several actions fill. Its events lie in lanes; those of a device always in the same one.
 */
public sealed interface PushRows<R extends Record> extends RepositoryRequest<R> {
    /** Lanes of an outlet, numbered from 0; a power of two. */
    int LANES = 8;

    /** In the place of an outlet: all outlets of actions. */
    int ALL_ACTIONS = 0;

    /** Active rules' actions with what is needed to push, of all projects, and all queues. */
    record SelectOutlets() implements PushRows<Outlets> {}

    record Outlets(List<Outlet> outlets) {
        public Outlets {
            outlets = List.copyOf(outlets);
        }
    }

    /**
     * @param queue its name; null: an action's own outlet
     * @param channel null: a queue
     * @param feeds the one action, if its rule is active; or all actions that fill the queue, also those of rules that are not
     * @param maxRate events a second, the smallest bound that a policy sets; 0: there is none
     */
    record Outlet(
            int id,
            ProjectId project,
            @Nullable String queue,
            @Nullable Channel channel,
            List<Feed> feeds,
            int maxRate) {
        public Outlet {
            feeds = List.copyOf(feeds);
        }
    }

    /** An action that fills an outlet. */
    record Feed(
            int action,
            ActionId actionId,
            RuleId rule,
            Subject subject,
            @Nullable String select,
            @Nullable String where) {}

    /**
     * Shows who sends: this instance serves the outlets of actions and these queues, and no other queues.
     *
     * @param queues outlets that receivers are attached to here
     */
    record ShareLanes(int node, int instance, List<Integer> queues) implements PushRows<Pushers> {}

    /** Those of all nodes that live. */
    record Pushers(List<Pusher> all) {
        public Pushers {
            all = List.copyOf(all);
        }
    }

    /** @param outlet a queue's, or {@link #ALL_ACTIONS} */
    record Pusher(int outlet, int node, int instance) {}

    record LaneKey(int outlet, int lane) {}

    /** Takes those of the lanes that are nobody's, or of a node that is gone. */
    record ClaimLanes(int node, int instance, List<LaneKey> lanes) implements PushRows<Lanes> {}

    /** @param lanes that are the asker's now, of those that it asked for */
    record Lanes(List<LaneKey> lanes) {
        public Lanes {
            lanes = List.copyOf(lanes);
        }
    }

    /** Gives lanes back, as far as they are the asker's. */
    record ReleaseLanes(int node, int instance, List<LaneKey> lanes) implements PushRows<Done> {}

    /** The instance sends nothing any more and gives everything back. */
    record LeavePushers(int node, int instance) implements PushRows<Done> {}

    /** How far the ids of events have come: a greater number than at the last look says that some were or will be stored. */
    record LookForEvents() implements PushRows<LastId> {}

    record LastId(long id) {}

    /** Reads the next events of lanes, with what is known of their devices now. */
    record SelectEvents(List<LaneRead> lanes) implements PushRows<Pages> {}

    /**
     * @param after only greater ids
     * @param limit of events; there can be fewer when they are large
     */
    record LaneRead(int outlet, int lane, long after, int limit) {}

    record Pages(List<LanePage> pages) {
        public Pages {
            pages = List.copyOf(pages);
        }
    }

    /**
     * @param events in order of id
     * @param more whether the lane may have more
     */
    record LanePage(int outlet, int lane, List<StoredEvent> events, boolean more) {}

    /**
     * A row of the outbox with the header joined.
     *
     * @param header null for batch tasks
     */
    record StoredEvent(
            long id,
            int lane,
            int action,
            ProjectId project,
            @Nullable DeviceId device,
            Subject subject,
            Instant happened,
            @Nullable Json header,
            Json body) {}

    /** Which events are in a part of a lane: some may have become visible after greater ones were read. */
    record SelectIds(List<Stretch> stretches) implements PushRows<Ids> {}

    /** @param until the last one that counts */
    record Stretch(int outlet, int lane, long after, long until) {}

    record Ids(List<EventKey> events) {
        public Ids {
            events = List.copyOf(events);
        }
    }

    record EventKey(int outlet, int lane, long id) {}

    /** Reads single events. A page has those of one lane. */
    record SelectEventsById(List<EventKey> events) implements PushRows<Pages> {}

    /** They were dealt with. */
    record DeleteEvents(List<EventKey> events) implements PushRows<Done> {}

    /** Counts and the last error, for people. */
    record NoteOutlets(List<OutletNote> notes) implements PushRows<Done> {}

    /**
     * @param failed attempts
     * @param error the last one, null: none since the last note
     */
    record OutletNote(
            int outlet,
            long delivered,
            long failed,
            long dropped,
            @Nullable String error,
            @Nullable Instant errorTime,
            boolean paused) {}

    /** Fails with {@link Failure.NotFound} when there is no such outlet. */
    record SelectStatus(int outlet) implements PushRows<OutletStatus> {}

    /**
     * @param failed attempts
     * @param dropped events that did not fit into the backlog, or were too old for it
     * @param waiting exact up to some thousands, beyond that as at the last sweep
     */
    record OutletStatus(
            long delivered,
            long failed,
            long dropped,
            @Nullable Instant droppedLast,
            @Nullable String lastError,
            @Nullable Instant lastErrorTime,
            boolean paused,
            long waiting,
            long waitingBytes,
            @Nullable Instant oldest,
            long deadLetters) {}

    /** The same of several. An outlet that is gone is not among the answers. */
    record SelectStatuses(List<Integer> outlets) implements PushRows<OutletStates> {
        public SelectStatuses {
            outlets = List.copyOf(outlets);
        }
    }

    record OutletStates(List<OutletState> all) {
        public OutletStates {
            all = List.copyOf(all);
        }
    }

    record OutletState(int outlet, OutletStatus status) {}
}
