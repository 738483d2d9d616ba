// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.PushRows.NoteOutlets;
import dev.downlink.protocol.PushRows.OutletNote;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people read of outlets: counts and the last error, gathered and written now and then. What was not yet written is lost in
 * a crash. Belongs to one instance of the room.
 */
final class Notes {
    private static final int MAX_ERROR = 500;

    private final Bus bus;
    private final InstantSource clock;
    private TreeMap<Integer, Note> notes = new TreeMap<>();

    private static final class Note {
        long delivered;
        long failed;
        long dropped;

        @Nullable
        String error;

        @Nullable
        Instant errorTime;

        boolean paused;
    }

    Notes(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
    }

    void delivered(int outlet, boolean paused) {
        note(outlet, paused).delivered++;
    }

    void failed(int outlet, String error, boolean paused) {
        Note note = note(outlet, paused);
        note.failed++;
        note.error = error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error;
        note.errorTime = clock.instant();
    }

    void dropped(int outlet, boolean paused) {
        note(outlet, paused).dropped++;
    }

    private Note note(int outlet, boolean paused) {
        Note note = notes.computeIfAbsent(outlet, _ -> new Note());
        note.paused = paused;
        return note;
    }

    /** What cannot be written is written the next time. */
    Future<?> flush() {
        if (notes.isEmpty()) {
            return Future.succeededFuture();
        }
        TreeMap<Integer, Note> flushed = notes;
        notes = new TreeMap<>();
        List<OutletNote> rows = flushed.entrySet().stream()
                .map(e -> row(e.getKey(), e.getValue()))
                .toList();
        return bus.ask(new NoteOutlets(rows)).onFailure(_ -> flushed.forEach(this::merge));
    }

    private static OutletNote row(int outlet, Note note) {
        return new OutletNote(
                outlet, note.delivered, note.failed, note.dropped, note.error, note.errorTime, note.paused);
    }

    private void merge(int outlet, Note earlier) {
        Note later = notes.putIfAbsent(outlet, earlier);
        if (later != null) {
            later.delivered += earlier.delivered;
            later.failed += earlier.failed;
            later.dropped += earlier.dropped;
            if (later.error == null) {
                later.error = earlier.error;
                later.errorTime = earlier.errorTime;
            }
        }
    }
}
