// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The devices of which events of an outlet are in memory: which of them can go on stand in a line, those whose event has to be
 * sent again rest until their time has come. Belongs to one instance of the room.
 */
final class Turns {
    /** Whether several events of a device may be under way. */
    private final BooleanSupplier together;

    private final Map<String, Turn> all = new HashMap<>();
    private final Deque<Turn> line = new ArrayDeque<>();
    private final List<Turn> resting = new ArrayList<>();

    /** @param together whether several events of a device may be under way now */
    Turns(BooleanSupplier together) {
        this.together = together;
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    @Nullable
    Turn find(String key) {
        return all.get(key);
    }

    /** Makes one for a device of which nothing was in memory. */
    Turn of(String key) {
        return all.computeIfAbsent(key, Turn::new);
    }

    Collection<Turn> all() {
        return List.copyOf(all.values());
    }

    /** Puts a device at the end of the line if it can go on and does not stand there. */
    void lineUp(Turn turn) {
        if (!turn.isInLine && turn.canGo(together.getAsBoolean())) {
            turn.isInLine = true;
            line.add(turn);
        }
    }

    /** Whether anybody stands in line who can still go on. */
    boolean hasNext() {
        Turn first = line.peek();
        while (first != null && !first.canGo(together.getAsBoolean())) {
            line.remove().isInLine = false;
            first = line.peek();
        }
        return first != null;
    }

    /** Takes the first out of the line; there must be {@linkplain #hasNext one}. */
    Turn next() {
        Turn first = line.remove();
        first.isInLine = false;
        return first;
    }

    /** Takes out who has the oldest event of those that were not tried lately, also if it rests. */
    Optional<Turn> probe(long now) {
        Optional<Turn> probe = all.values().stream()
                .filter(turn -> turn.mayGo(false))
                .min(Comparator.<Turn>comparingLong(turn -> turn.probedAt).thenComparingLong(Turn::firstId));
        probe.ifPresent(turn -> {
            turn.probedAt = now;
            var _ = line.remove(turn);
            turn.isInLine = false;
        });
        return probe;
    }

    /** @param until at least */
    void rest(Turn turn, long until) {
        if (!turn.rests()) {
            resting.add(turn);
        }
        turn.rest(until);
    }

    /** Lets those go on whose time has come. */
    void wakeRested(long now) {
        List<Turn> rested = resting.stream().filter(turn -> turn.isRested(now)).toList();
        resting.removeAll(rested);
        rested.forEach(this::wake);
    }

    /** Lets all go on, the oldest first. */
    void wakeAll() {
        resting.sort(Comparator.comparingLong(Turn::firstId));
        resting.forEach(this::wake);
        resting.clear();
    }

    private void wake(Turn turn) {
        turn.wake();
        lineUp(turn);
    }

    void removeIfOver(Turn turn) {
        if (turn.isOver() && all.remove(turn.key, turn)) {
            var _ = line.remove(turn);
            var _ = resting.remove(turn);
        }
    }
}
