// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.push.PushMeters.Outcome;
import io.vertx.core.Future;
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
    private final Turns turns;
    private final Consumer<Event> over;
    private final Consumer<Turn> heldUp;
    private final Health health;
    private final Tokens tokens = new Tokens();

    private int out;
    private long outSize;
    private boolean isRunning;
    private boolean isStopped;

    /**
     * @param turns of the outlet
     * @param over told of every event that is no longer in memory
     * @param heldUp told of a device that has to wait
     */
    Dispatch(int outlet, Tools tools, Outward outward, Turns turns, Consumer<Event> over, Consumer<Turn> heldUp) {
        this.outlet = outlet;
        this.tools = tools;
        this.outward = outward;
        this.turns = turns;
        this.over = over;
        this.heldUp = heldUp;
        health = new Health(tools.settings());
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
        turns.lineUp(event.turn);
    }

    /** Its channel was changed: what failed before may work now. */
    void forgive() {
        if (health.answered()) {
            tools.meters().paused.down();
        }
        turns.wakeAll();
    }

    /** Time has passed. */
    void tick() {
        if (!health.isPaused()) {
            turns.wakeRested(now());
        }
        run();
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
            // the oldest of another device each time: the receiver may have trouble with one only
            return out == 0 && health.probeIsDue(now) && outward.room() > 0
                    ? turns.probe(now).orElse(null)
                    : null;
        }
        return turns.hasNext() && outward.room() > 0 && tokens.hasOne(now) ? turns.next() : null;
    }

    private void send(Turn turn) {
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
        turns.lineUp(turn);
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
        turns.wakeAll();
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
        turns.lineUp(event.turn);
        turns.removeIfOver(event.turn);
    }

    /** @param nanos that the device has to wait */
    private void back(Event event, long nanos) {
        Turn turn = event.turn;
        if (event.lane.isGivenUp()) {
            turn.ended(event);
            event.lane.letGo(event.id());
            over.accept(event);
            turns.removeIfOver(turn);
            return;
        }
        turn.back(event);
        if (nanos > 0) {
            turns.rest(turn, now() + nanos);
            heldUp.accept(turn);
        }
        turns.lineUp(turn);
    }

    /** Lets go of what waits of a lane. What is under way comes to its end. */
    void drop(Lane lane) {
        outward.hurry();
        for (Turn turn : turns.all()) {
            for (Event event : turn.remove(lane)) {
                lane.letGo(event.id());
                over.accept(event);
            }
            turns.removeIfOver(turn);
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
