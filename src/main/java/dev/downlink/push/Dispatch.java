// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.push.PushMeters.Outcome;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of an outlet that are in memory: of each device in order, the devices in turn, an event that did not get
 * through again after a growing pause. Belongs to one instance of the room.
 *
 * <pre>
 *   add → line → sink → accepted: taken out
 *          ↑      ├→ returned ─────────────────────────────┐
 *          │      ├→ refused → too often: dead letter      │
 *          │      └→ failed → while others got through,    │
 *          │            too often: dead letter             │
 *          └───────────────── rest ←───────────────────────┘
 * </pre>
 */
final class Dispatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatch.class);

    private final int outlet;
    private final Tools tools;
    private final Outward outward;
    private final Consumer<Event> over;
    private final Consumer<Turn> heldUp;
    private final Health health;
    private final Tokens tokens = new Tokens();

    private final Map<String, Turn> turns = new HashMap<>();
    private final Deque<Turn> line = new ArrayDeque<>();
    private final List<Turn> resting = new ArrayList<>();
    private int out;
    private long outSize;
    private boolean isRunning;
    private boolean isStopped;

    /**
     * @param over told of every event that is no longer in memory
     * @param heldUp told of a device that has to wait
     */
    Dispatch(int outlet, Tools tools, Outward outward, Consumer<Event> over, Consumer<Turn> heldUp) {
        this.outlet = outlet;
        this.tools = tools;
        this.outward = outward;
        this.over = over;
        this.heldUp = heldUp;
        health = new Health(tools.settings());
    }

    /** The devices of which events are in memory. */
    int devices() {
        return turns.size();
    }

    @Nullable
    Turn turn(String key) {
        return turns.get(key);
    }

    Turn turnFor(String key) {
        return turns.computeIfAbsent(key, Turn::new);
    }

    boolean isPaused() {
        return health.isPaused();
    }

    /** Events that are under way. */
    int out() {
        return out;
    }

    /** Characters of what is under way. */
    long outSize() {
        return outSize;
    }

    /** @param eventsPerSecond 0: no limit */
    void limit(double eventsPerSecond) {
        tokens.limit(eventsPerSecond, now());
    }

    /** Takes an event into memory; {@link #run} sends it. */
    void add(Event event) {
        event.turn.add(event);
        lineUp(event.turn);
    }

    /** Its channel was changed: what failed before may work now. */
    void forgive() {
        if (health.answered()) {
            tools.meters().paused.down();
        }
        wakeAll();
    }

    /** Time has passed. */
    void tick() {
        long now = now();
        if (!health.isPaused()) {
            List<Turn> rested =
                    resting.stream().filter(turn -> turn.isRested(now)).toList();
            resting.removeAll(rested);
            rested.forEach(this::wake);
        }
        run();
    }

    private void wake(Turn turn) {
        turn.wake();
        lineUp(turn);
    }

    /** Sends what can be sent. */
    void run() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            for (Turn turn = next(); turn != null; turn = next()) {
                send(turn);
            }
        } finally {
            isRunning = false;
        }
    }

    /** Nothing more is sent. */
    void stop() {
        isStopped = true;
        outward.hurry();
    }

    /** Whose first event can be sent now, if that is anybody's. */
    private @Nullable Turn next() {
        long now = now();
        if (isStopped || turns.isEmpty() || tools.endings().isFull() || health.isAskedToWait(now)) {
            return null;
        }
        if (health.isPaused()) {
            return out == 0 && health.probeIsDue(now) && outward.room() > 0 ? probe(now) : null;
        }
        Turn first = firstInLine();
        return first != null && outward.room() > 0 && tokens.hasOne(now) ? line.poll() : null;
    }

    private @Nullable Turn firstInLine() {
        Turn first = line.peek();
        while (first != null && !first.canGo(outward.keepsOrder())) {
            line.remove().isInLine = false;
            first = line.peek();
        }
        return first;
    }

    /** The oldest event of a device that was not tried lately: the receiver may have trouble with one only. */
    private @Nullable Turn probe(long now) {
        Optional<Turn> probe = turns.values().stream()
                .filter(turn -> turn.mayGo(false))
                .min(Comparator.<Turn>comparingLong(turn -> turn.probedAt).thenComparingLong(Turn::firstId));
        probe.ifPresent(turn -> {
            turn.probedAt = now;
            turn.isInLine |= line.remove(turn);
        });
        return probe.orElse(null);
    }

    private void send(Turn turn) {
        turn.isInLine = false;
        Event event = turn.next();
        try {
            Optional<Parcel> parcel = outward.written(event);
            if (parcel.isEmpty()) {
                end(event, Outcome.LEFT_OUT);
                return;
            }
            push(event, parcel.get());
        } catch (RuntimeException e) {
            LOGGER.error("an event cannot be written outlet={} event={}", outlet, event.id(), e);
            bury(event, "it cannot be written: " + e);
            return;
        }
        lineUp(turn);
    }

    private void push(Event event, Parcel parcel) {
        tokens.take();
        out++;
        outSize += event.size();
        long begun = now();
        outward.push(parcel).onComplete(result -> {
            out--;
            outSize -= event.size();
            Fate fate = result.succeeded() ? result.result() : new Fate.Failed(String.valueOf(result.cause()));
            tools.meters().attempt(outward.name(), fate, now() - begun);
            settle(event, fate);
            run();
        });
    }

    private void settle(Event event, Fate fate) {
        switch (fate) {
            case Fate.Accepted _ -> accepted(event);
            case Fate.Returned _ -> back(event, 0);
            case Fate.Refused refused -> refused(event, refused.why());
            case Fate.Failed failed -> failed(event, failed);
        }
    }

    private void accepted(Event event) {
        if (health.accepted()) {
            resume();
        }
        tools.notes().delivered(outlet, health.isPaused());
        end(event, Outcome.DELIVERED);
    }

    private void refused(Event event, String why) {
        event.refusals++;
        if (health.answered()) {
            resume();
        }
        noteFailure(event, why);
        if (event.refusals >= tools.settings().maxRefusals()) {
            bury(event, why);
        } else {
            back(event, Pauses.afterRefusal(event.refusals));
        }
    }

    private void failed(Event event, Fate.Failed fate) {
        event.failures++;
        event.failed(health.count());
        if (health.failed(fate, now())) {
            pause(fate.why());
        }
        noteFailure(event, fate.why());
        if (outward.mayBlame() && event.passedOver >= tools.settings().maxRefusals()) {
            bury(event, fate.why());
        } else {
            back(event, Pauses.afterFailure(event.failures));
        }
    }

    private void noteFailure(Event event, String why) {
        event.feed.meters().events().count(Outcome.FAILED);
        tools.notes().failed(outlet, why, health.isPaused());
    }

    private void pause(String why) {
        tools.meters().paused.up();
        LOGGER.warn(
                "pushing is paused after {} failures in a row outlet={} error={}",
                tools.settings().maxFailures(),
                outlet,
                why);
    }

    private void resume() {
        tools.meters().paused.down();
        LOGGER.info("pushing goes on outlet={}", outlet);
        wakeAll();
    }

    /** The oldest first. */
    private void wakeAll() {
        resting.sort(Comparator.comparingLong(Turn::firstId));
        resting.forEach(this::wake);
        resting.clear();
    }

    private void bury(Event event, String why) {
        LOGGER.warn("an event is put aside as a dead letter outlet={} event={} error={}", outlet, event.id(), why);
        event.turn.ended(event);
        tools.endings().bury(event.lane, event.id(), why);
        event.feed.meters().events().count(Outcome.DEAD);
        left(event);
    }

    /** It was dealt with. */
    private void end(Event event, Outcome outcome) {
        event.turn.ended(event);
        tools.endings().delete(event.lane, event.id());
        event.feed.meters().events().count(outcome);
        left(event);
    }

    private void left(Event event) {
        event.turn.progressed();
        over.accept(event);
        lineUp(event.turn);
        removeIfOver(event.turn);
    }

    /** @param nanos that the device has to wait */
    private void back(Event event, long nanos) {
        Turn turn = event.turn;
        if (event.lane.isGivenUp()) {
            turn.ended(event);
            event.lane.letGo(event.id());
            over.accept(event);
            removeIfOver(turn);
            return;
        }
        turn.back(event);
        if (nanos > 0) {
            if (!turn.rests()) {
                resting.add(turn);
            }
            turn.rest(now() + nanos);
            heldUp.accept(turn);
        }
        lineUp(turn);
    }

    private void lineUp(Turn turn) {
        if (!turn.isInLine && turn.canGo(outward.keepsOrder())) {
            turn.isInLine = true;
            line.add(turn);
        }
    }

    private void removeIfOver(Turn turn) {
        if (turn.isOver() && turns.remove(turn.key, turn)) {
            var _ = line.remove(turn);
            var _ = resting.remove(turn);
        }
    }

    /** Lets go of what waits of a lane. What is under way comes to its end. */
    void drop(Lane lane) {
        outward.hurry();
        for (Turn turn : List.copyOf(turns.values())) {
            for (Event event : turn.remove(lane)) {
                lane.letGo(event.id());
                over.accept(event);
            }
            removeIfOver(turn);
        }
    }

    Future<Void> close() {
        isStopped = true;
        if (health.isPaused()) {
            tools.meters().paused.down();
        }
        return outward.close();
    }

    private long now() {
        return tools.now().getAsLong();
    }
}
