// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A timing wheel: what is added runs out at the first tick at or after its time, adding and removing cost a few pointer
 * changes, and there is one timer however many wait. Belongs to one thread.
 */
public final class Deadlines {
    /** How late a deadline may be noticed. */
    public static final Duration TICK = Duration.ofMillis(50);

    private static final int SLOTS = 1 << 11;

    private final LongSupplier nanoTime;
    private final long start;
    private final @Nullable Entry[] slots = new Entry[SLOTS];
    private long done;

    public Deadlines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** The time now, as {@link #add} counts it. */
    public long now() {
        return nanoTime.getAsLong() - start;
    }

    /** @param from when the wait began */
    public void add(Entry entry, long from, Duration wait) {
        long due = from + wait.toNanos();
        entry.tick = Math.max(done, (due + TICK.toNanos() - 1) / TICK.toNanos());
        entry.linked = true;
        int slot = slot(entry.tick);
        Entry first = slots[slot];
        entry.next = first;
        if (first != null) {
            first.previous = entry;
        }
        slots[slot] = entry;
    }

    /** Takes an entry out; nothing happens when it has run out or was removed before. */
    public void remove(Entry entry) {
        if (!entry.linked) {
            return;
        }
        if (entry.previous == null) {
            slots[slot(entry.tick)] = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
        entry.linked = false;
    }

    /** Runs out everything that is due. */
    public void expire() {
        long now = now() / TICK.toNanos();
        // after a long pause one turn of the wheel sees every slot
        long from = Math.max(done, now - SLOTS + 1);
        for (long tick = from; tick <= now; tick++) {
            expireSlot(slot(tick), now);
        }
        done = now + 1;
    }

    private void expireSlot(int slot, long now) {
        Entry entry = slots[slot];
        while (entry != null) {
            Entry next = entry.next;
            if (entry.tick <= now) {
                remove(entry);
                entry.expired();
            }
            entry = next;
        }
    }

    private static int slot(long tick) {
        return (int) (tick & (SLOTS - 1));
    }

    /** Something that waits; in at most one wheel at a time. */
    public abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private long tick;
        private boolean linked;

        /** The wait is over; called once, after the entry was taken out. */
        protected abstract void expired();
    }
}
