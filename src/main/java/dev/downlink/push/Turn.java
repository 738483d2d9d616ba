// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The events of one device in an outlet, which are sent in order. When one comes back, nothing more is sent until all that is
 * under way has come to an end. Belongs to one instance of the room.
 */
final class Turn {
    final String key;
    /** Whether it stands in the line of those that can go on. */
    boolean isInLine;
    /** When the device was last tried as a probe. */
    long probedAt;

    private Deque<Event> waiting = new ArrayDeque<>(2);
    private int out;
    private boolean cameBack;
    private long restsUntil;
    private boolean rests;
    private boolean isTroubled;

    Turn(String key) {
        this.key = key;
    }

    void add(Event event) {
        waiting.add(event);
    }

    /** @param together whether several may be under way */
    boolean canGo(boolean together) {
        return !rests && mayGo(together);
    }

    /** The same for one that rests. */
    boolean mayGo(boolean together) {
        return !waiting.isEmpty() && (out == 0 || (together && !cameBack));
    }

    /** The id of its oldest event that waits. */
    long firstId() {
        Event first = waiting.peek();
        return first == null ? Long.MAX_VALUE : first.id();
    }

    Event next() {
        Event event = waiting.remove();
        out++;
        event.lane.out++;
        return event;
    }

    /** An event has come to an end. */
    void ended(Event event) {
        out--;
        event.lane.out--;
        cameBack &= out > 0;
    }

    /** An event has to be sent again, before those after it. */
    void back(Event event) {
        cameBack = true;
        ended(event);
        if (waiting.isEmpty() || event.id() < waiting.element().id()) {
            waiting.addFirst(event);
        } else {
            waiting.add(event);
            List<Event> sorted = new ArrayList<>(waiting);
            sorted.sort(Comparator.comparingLong(Event::id));
            waiting = new ArrayDeque<>(sorted);
        }
    }

    /** @param until at least */
    void rest(long until) {
        rests = true;
        isTroubled = true;
        restsUntil = Math.max(restsUntil, until);
    }

    boolean rests() {
        return rests;
    }

    boolean isRested(long now) {
        return now >= restsUntil;
    }

    void wake() {
        rests = false;
        restsUntil = 0;
    }

    /** Its first event had to be repeated and is not yet dealt with. */
    boolean isTroubled() {
        return isTroubled;
    }

    /** An event was dealt with. */
    void progressed() {
        isTroubled = false;
    }

    int waiting() {
        return waiting.size();
    }

    boolean isOver() {
        return waiting.isEmpty() && out == 0;
    }

    /** Takes out all but so many of those that wait, in order. */
    List<Event> cut(int kept) {
        List<Event> all = new ArrayList<>(waiting);
        List<Event> rest = List.copyOf(all.subList(Math.min(kept, all.size()), all.size()));
        rest.forEach(_ -> waiting.removeLast());
        return rest;
    }

    /** Takes out what waits of a lane that is given up. */
    List<Event> remove(Lane lane) {
        List<Event> removed = waiting.stream().filter(e -> e.lane == lane).toList();
        waiting.removeIf(e -> e.lane == lane);
        return removed;
    }
}
