// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.Stretch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A lane that this instance reads: how far, and what of it is in hand. It reads forward by id; a row that became visible after
 * greater ones were read is found by comparing the ids there are with those in hand. Belongs to one instance of the room.
 *
 * <p>The events of a device that has to wait are not all kept in hand: the lane notes where it left the first one out, and goes
 * back there when the device's turn has come.
 */
final class Lane {
    /** Where nothing waits, little is asked for. */
    private static final int FEW = 16;

    private static final int MANY = 512;

    final LaneKey key;
    /** Events of it that are being sent. */
    int out;

    private final Set<Long> known = new HashSet<>();
    private final List<Long> gone = new ArrayList<>();
    private final Map<String, Long> leftOut = new HashMap<>();
    private long after;
    private boolean mayHaveMore = true;
    private long stalledAt = -1;
    private int stalledIn;
    private boolean movedBack;
    private boolean givenUp;
    private int batch = FEW;

    Lane(LaneKey key) {
        this.key = key;
    }

    /** Something may have been stored. */
    void nudge() {
        mayHaveMore = true;
    }

    boolean mayHaveMore() {
        return mayHaveMore && !givenUp;
    }

    long after() {
        return after;
    }

    /** A read begins, for whichever lanes. */
    void readBegins() {
        gone.forEach(known::remove);
        gone.clear();
        movedBack = false;
    }

    /** It asks for what comes next here. */
    void asked() {
        mayHaveMore = false;
    }

    /** Whether what was read since {@link #readBegins} counts: not if it is to be read again from further back. */
    boolean readCounts() {
        return !movedBack && !givenUp;
    }

    /** Reading came so far. */
    void advance(long id) {
        after = Math.max(after, id);
    }

    /** A read is done. */
    void read(boolean more) {
        mayHaveMore |= more;
        batch = more ? Math.min(batch * 4, MANY) : FEW;
    }

    /** How many events to ask for. */
    int batch() {
        return batch;
    }

    /** The part of what was read in which something may yet become visible. */
    Stretch unsettled(long settled) {
        return new Stretch(key.outlet(), key.lane(), settled, after);
    }

    /** False when it is in hand already, or was dealt with a moment ago. */
    boolean take(long id) {
        return known.add(id);
    }

    /**
     * Whether it can be read on only when actions were read anew, since this event is of one that is not known. A reading may
     * have begun before the event was seen, so it takes two.
     *
     * @param generation how often actions were read
     */
    boolean stallsAt(long id, int generation) {
        if (stalledAt != id) {
            stalledAt = id;
            stalledIn = generation;
        }
        boolean stalls = generation < stalledIn + 2;
        if (stalls) {
            after = Math.min(after, id - 1);
            movedBack = true;
        }
        return stalls;
    }

    boolean knows(long id) {
        return known.contains(id);
    }

    /** An event was dealt with and its row deleted; a read that began before may still bring it. */
    void deleted(long id) {
        gone.add(id);
    }

    /** An event in hand is let go of, its row stays. */
    void letGo(long id) {
        known.remove(id);
    }

    /** Leaves an event in the table: its device has to wait, and enough of it is in hand. */
    void leaveOut(String device, long id) {
        var _ = leftOut.merge(device, id, Math::min);
    }

    boolean leavesOut(String device) {
        return leftOut.containsKey(device);
    }

    /** A device's turn has come: what was left out of it is read again, and everything after it too. */
    void goBack(String device) {
        Long first = leftOut.remove(device);
        if (first != null) {
            goBackTo(first);
        }
    }

    /** Reads again from this event on. */
    void goBackTo(long id) {
        after = Math.min(after, id - 1);
        mayHaveMore = true;
        movedBack = true;
    }

    boolean hasLeftOut() {
        return !leftOut.isEmpty();
    }

    /** Nothing more of it is read or sent here. */
    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }
}
