// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A bucket in which events are gathered into files. An event is accepted when its file is written: {@code storage.file_interval}
 * and a request later, or later still when there is more than can be written. Belongs to the event loop that made it.
 *
 * <pre>
 *   push → open files, one for each path → waiting, in order → being written → accepted
 *               (size, interval, or much in all of them)             └→ failed; later events of its keys are returned
 * </pre>
 */
final class StorageSink implements Sink {
    /** Files that are written at a time. */
    static final int MAX_WRITES = 8;
    /** All open files are written when together they have so many times the size of one. */
    private static final int OPEN_SIZES = 2;
    /** So many times {@code push.max_in_hand} events may be here. */
    private static final int LINES = 16;
    /** No more is taken when all that is not yet written has so many times the size of a file. */
    private static final int ALL_SIZES = 4;

    private final Vertx vertx;
    private final Settings settings;
    private final SinkMeters meters;
    private final Runnable ready;
    private final InstantSource clock;
    private final FilePath path;
    private final FileNames names;
    private final EventFiles files = new EventFiles();
    private final Promise<Void> closed = Promise.promise();
    private final Bucket bucket;

    private boolean isTimed;
    /** The last file could not be written: the next is tried at once, to know when that is over. */
    private boolean isInTrouble;
    /** There was no room when it was last looked at. */
    private boolean isFull;

    private boolean isClosing;

    /** @param ready called whenever there is room again */
    StorageSink(
            Vertx vertx,
            Settings settings,
            Bucket bucket,
            Channel.Storage channel,
            SinkMeters meters,
            InstantSource clock,
            Runnable ready) {
        this.vertx = vertx;
        this.settings = settings;
        this.bucket = bucket;
        this.meters = meters;
        this.ready = ready;
        this.clock = clock;
        this.path = new FilePath(Objects.requireNonNullElse(
                channel.filePath(), settings.storage().filePath()));
        this.names = new FileNames(clock);
    }

    @Override
    public int room() {
        boolean hasNone = isClosing || files.bytes() >= ALL_SIZES * size();
        int room = hasNone ? 0 : Math.max(0, maxLines() - files.lines());
        isFull = room == 0;
        return room;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    @Override
    public boolean mayBlame() {
        return false;
    }

    @Override
    public Future<Fate> push(Parcel parcel) {
        if (room() == 0) {
            return Future.succeededFuture(Fate.RETURNED);
        }
        Promise<Fate> fate = Promise.promise();
        EventFile.Line line = new EventFile.Line(parcel.key(), parcel.content().body(), fate);
        meters.gathered().up();
        int waiting = files.waiting();
        EventFile file = files.add(path.of(parcel), line, clock.millis() + interval());
        if (file.bytes() >= size()) {
            files.finish(file);
        }
        boolean isTried = files.writing() > 0 || files.waiting() > 0;
        if (isMuch() || (isInTrouble && !isTried)) {
            files.finishAll();
        }
        if (files.waiting() > waiting) {
            write();
        }
        awaitInterval();
        return fate.future();
    }

    @Override
    public void hurry() {
        files.finishAll();
        write();
    }

    @Override
    public Future<Void> probe() {
        return bucket.head();
    }

    /** Writes what is gathered, as far as that is done in the time of one request; the rest is returned. */
    @Override
    public Future<Void> close() {
        if (isClosing) {
            return closed.future();
        }
        isClosing = true;
        files.finishAll();
        write();
        long timer = vertx.setTimer(settings.push().timeout().toMillis(), _ -> {
            settle(files.takeOutAll(), Fate.RETURNED);
            closeIfDone();
        });
        closeIfDone();
        return closed.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    /** Half of the events that may be here are gathered: the others need room while these are written. */
    private boolean isMuch() {
        return files.openBytes() >= OPEN_SIZES * size() || files.openLines() >= maxLines() / 2;
    }

    private void write() {
        Optional<EventFile> next = files.writing() < MAX_WRITES ? files.takeNext() : Optional.empty();
        while (next.isPresent()) {
            EventFile file = next.get();
            bucket.put(file.path() + names.next(), file)
                    .onSuccess(_ -> written(file))
                    .onFailure(e -> failed(file, e))
                    .onComplete(_ -> goOn());
            next = files.writing() < MAX_WRITES ? files.takeNext() : Optional.empty();
        }
    }

    private void written(EventFile file) {
        isInTrouble = false;
        meters.files().count(SinkMeters.FileOutcome.WRITTEN);
        meters.fileBytes().record((int) file.bytes());
        files.end(file);
        settle(file.lines(), Fate.ACCEPTED);
    }

    private void failed(EventFile file, Throwable error) {
        isInTrouble = true;
        meters.files().count(SinkMeters.FileOutcome.FAILED);
        files.end(file);
        List<EventFile.Line> later = files.takeOutAfter(file);
        settle(file.lines(), new Fate.Failed(why(error)));
        settle(later, Fate.RETURNED);
    }

    private void goOn() {
        write();
        closeIfDone();
        if (isFull && room() > 0) {
            ready.run();
        }
    }

    private void closeIfDone() {
        if (isClosing && files.lines() == 0 && !closed.future().isComplete()) {
            bucket.close().onComplete(_ -> closed.tryComplete());
        }
    }

    private void settle(List<EventFile.Line> lines, Fate fate) {
        for (EventFile.Line line : lines) {
            meters.gathered().down();
            line.fate().complete(fate);
        }
    }

    /** One timer at a time, for the file that is due first. */
    private void awaitInterval() {
        Optional<Long> due = isTimed ? Optional.empty() : files.firstDueMillis();
        if (due.isPresent()) {
            isTimed = true;
            vertx.setTimer(Math.max(1, due.get() - clock.millis()), _ -> {
                isTimed = false;
                files.finishDue(clock.millis());
                write();
                awaitInterval();
            });
        }
    }

    private int maxLines() {
        return LINES * settings.push().maxInHand();
    }

    private long size() {
        return settings.storage().fileSize();
    }

    private long interval() {
        return settings.storage().fileInterval().toMillis();
    }

    private static String why(Throwable error) {
        return error instanceof Failed failed && failed.failure() instanceof Failure.Unreachable unreachable
                ? unreachable.why()
                : error.toString();
    }
}
