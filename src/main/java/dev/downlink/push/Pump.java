// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Channel;
import dev.downlink.protocol.PushRows;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.LanePage;
import dev.downlink.protocol.PushRows.LaneRead;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.protocol.PushRows.StoredEvent;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An outlet whose lanes, or some of them, this instance has: says what of them is to be read, takes it into memory within bounds,
 * and has it sent. Belongs to one instance of the room.
 */
final class Pump {
    /** Characters in memory, beyond which no more is read. */
    private static final int ENOUGH = 2 << 20;

    /** Of a device that has to wait so many events are kept in memory, when there are few other devices. */
    private static final int KEPT = 16;

    private static final int FEW_DEVICES = 32;
    /** How often it is read on behind events that are left out. */
    private static final long PACE_NANOS = 100_000_000;

    private static final long PACE_OF_PAUSE_NANOS = 2_000_000_000;

    private final Tools tools;
    private final Outward outward;
    private final Turns turns;
    private final Dispatch dispatch;
    private final Consumer<Lane> emptied;
    private final Runnable reload;
    private final Runnable wants;
    private final TreeMap<Integer, Lane> lanes = new TreeMap<>();
    private Outlet outlet;
    private Map<Integer, Feed> feeds;
    private int inHand;
    private long size;
    private long mayReadOnAt;
    /** How often the feeds were read. */
    private int generation;

    /**
     * @param wants something to be read
     * @param emptied told of a lane that was given up when nothing of it is under way any more
     * @param reload asks to read the outlets anew
     */
    Pump(Outlet outlet, Tools tools, Runnable wants, Consumer<Lane> emptied, Runnable reload) {
        this.outlet = outlet;
        this.tools = tools;
        this.emptied = emptied;
        this.reload = reload;
        feeds = feeds(outlet, tools.meters());
        outward = new Outward(outlet, tools.sinks(), this::run);
        this.wants = wants;
        turns = new Turns(outward::keepsOrder);
        dispatch = new Dispatch(outlet.id(), tools, outward, turns, this::over, this::heldUp);
    }

    private static Map<Integer, Feed> feeds(Outlet outlet, PushMeters meters) {
        Map<Integer, Feed> feeds = new HashMap<>();
        outlet.feeds().forEach(feed -> feeds.put(feed.action(), Feed.of(feed, meters)));
        return feeds;
    }

    /** The outlet as it was just read. */
    void refresh(Outlet now) {
        generation++;
        lanes.values().forEach(Lane::nudge);
        if (now.equals(outlet)) {
            return;
        }
        feeds = feeds(now, tools.meters());
        boolean leadsElsewhere = !Objects.equals(now.channel(), outlet.channel());
        outlet = now;
        limit();
        if (leadsElsewhere) {
            outward.change(now);
            dispatch.forgive();
        }
        run();
    }

    Collection<Lane> lanes() {
        return lanes.values();
    }

    /** Whether a lane that was given up can still be kept: what is under way of it is known here. */
    boolean canKeep(int number) {
        return lanes.containsKey(number);
    }

    /** Sends what is in a lane from now on, or again. */
    void open(LaneKey key) {
        Lane lane = lanes.get(key.lane());
        if (lane == null) {
            lanes.put(key.lane(), new Lane(key));
            tools.meters().lanes.up();
        } else {
            lane.keep();
        }
        limit();
        wants.run();
    }

    /** Sends nothing more of a lane that does not begin now, and says when what is under way has come to its end. */
    void giveUp(int number) {
        Lane lane = lanes.get(number);
        if (lane != null && !lane.isGivenUp()) {
            lane.giveUp();
            limit();
            dispatch.drop(lane);
            closeIfEmpty(lane);
        }
    }

    private void closeIfEmpty(Lane lane) {
        if (lane.isGivenUp() && lane.out == 0 && lanes.remove(lane.key.lane(), lane)) {
            tools.meters().lanes.down();
            emptied.accept(lane);
        }
    }

    boolean isIdle() {
        return lanes.isEmpty();
    }

    private void limit() {
        long own = lanes.values().stream().filter(lane -> !lane.isGivenUp()).count();
        dispatch.limit((double) outlet.maxRate() * own / PushRows.LANES);
    }

    /** Adds what is to be read next. */
    void reads(Collection<LaneRead> reads) {
        if (!hasRoom() || tools.endings().isFull()) {
            return;
        }
        int free = tools.settings().maxInHand() - kept();
        long now = tools.now().getAsLong();
        List<Lane> wanting = lanes.values().stream()
                .filter(lane -> lane.mayHaveMore() && (!lane.hasLeftOut() || now >= mayReadOnAt))
                .toList();
        for (Lane lane : wanting) {
            if (lane.hasLeftOut()) {
                mayReadOnAt = now + (dispatch.isPaused() ? PACE_OF_PAUSE_NANOS : PACE_NANOS);
            }
            lane.asked();
            int limit = Math.clamp(free / wanting.size(), 1, lane.batch());
            reads.add(new LaneRead(lane.key.outlet(), lane.key.lane(), lane.after(), limit));
        }
    }

    /** Only when it is half empty, so that much is read at a time. */
    private boolean hasRoom() {
        return kept() <= tools.settings().maxInHand() / 2 && size - (gathers() ? dispatch.outSize() : 0) < ENOUGH;
    }

    /** Events that count here: what a sink gathers, to write much of it together, is bounded by the sink. */
    private int kept() {
        return gathers() ? inHand - dispatch.out() : inHand;
    }

    private boolean gathers() {
        return outlet.channel() instanceof Channel.Storage;
    }

    @Nullable
    Lane lane(int number) {
        return lanes.get(number);
    }

    /** Takes what was read on from the last read. */
    void take(LanePage page) {
        Lane lane = lanes.get(page.lane());
        if (lane == null || !lane.readCounts()) {
            return;
        }
        for (StoredEvent event : page.events()) {
            if (!take(lane, event)) {
                return;
            }
            lane.advance(event.id());
        }
        lane.read(page.more());
    }

    /** Takes events that became visible late. */
    void takeLate(LanePage page) {
        Lane lane = lanes.get(page.lane());
        for (StoredEvent event : page.events()) {
            if (lane == null || !lane.readCounts() || !take(lane, event)) {
                return;
            }
        }
    }

    /** False when the lane can be read on only from here, and not yet. */
    private boolean take(Lane lane, StoredEvent event) {
        Feed feed = feeds.get(event.action());
        if (feed == null) {
            return takeStranger(lane, event);
        }
        String key =
                event.device() == null ? "#" + lane.key.lane() : event.device().value();
        if (isLeftOut(lane, key)) {
            lane.leaveOut(key, event.id());
        } else if (lane.take(event.id())) {
            Event taken = new Event(lane, event, feed, turns.of(key));
            inHand++;
            size += taken.size();
            tools.meters().inHand.up();
            dispatch.add(taken);
        }
        return true;
    }

    private boolean isLeftOut(Lane lane, String key) {
        if (lane.leavesOut(key)) {
            return true;
        }
        Turn turn = turns.find(key);
        return turn != null && turn.isTroubled() && turn.waiting() >= KEPT && turns.size() < FEW_DEVICES;
    }

    /** Of an action that is not known (yet): it is new, or gone, and then nobody wants the event. */
    private boolean takeStranger(Lane lane, StoredEvent event) {
        if (lane.stallsAt(event.id(), generation)) {
            reload.run();
            return false;
        }
        if (lane.take(event.id())) {
            tools.notes().dropped(outlet.id(), dispatch.isPaused());
            tools.endings().delete(lane, event.id());
        }
        return true;
    }

    void run() {
        dispatch.run();
    }

    void tick() {
        dispatch.tick();
        if (hasRoom() && lanes.values().stream().anyMatch(lane -> lane.hasLeftOut() && lane.mayHaveMore())) {
            wants.run();
        }
    }

    private void over(Event event) {
        inHand--;
        size -= event.size();
        tools.meters().inHand.down();
        if (event.turn.isOver()) {
            event.lane.goBack(event.turn.key);
        }
        closeIfEmpty(event.lane);
        if (hasRoom() && mayHaveMore()) {
            wants.run();
        }
    }

    private boolean mayHaveMore() {
        for (Lane lane : lanes.values()) {
            if (lane.mayHaveMore()) {
                return true;
            }
        }
        return false;
    }

    /** Makes room for events of other devices. */
    private void heldUp(Turn turn) {
        if (turns.size() < FEW_DEVICES) {
            for (Event event : turn.cut(KEPT)) {
                event.lane.leaveOut(turn.key, event.id());
                event.lane.letGo(event.id());
                over(event);
            }
        }
    }

    /** Sends nothing more. */
    void stop() {
        dispatch.stop();
    }

    /** Ends what is under way, each event with a fate. */
    Future<Void> close() {
        return dispatch.close();
    }
}
