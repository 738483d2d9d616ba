// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a bucket that are not yet written: open ones, one for each path, those that wait to be written, and those that
 * are. Keeps the order of each key: its events are in one open file only, a file waits for those before it that share a key with
 * it, and when one fails all later events of its keys are taken out. Belongs to the event loop of its sink.
 */
final class EventFiles {
    /** By path, in the order in which they are due. */
    private final Map<String, EventFile> open = new LinkedHashMap<>();
    /** The open file that a key is in. */
    private final Map<String, EventFile> openOf = new HashMap<>();

    private final List<EventFile> waiting = new ArrayList<>();
    private final Set<EventFile> writing = new HashSet<>();
    private int lines;
    private long bytes;
    private int openLines;
    private long openBytes;

    /**
     * @param dueMillis when a file that begins with the line is to be written; later than that of files before
     * @return the file that it is in now
     */
    EventFile add(String path, EventFile.Line line, long dueMillis) {
        EventFile before = openOf.get(line.key());
        if (before != null && !before.path().equals(path)) {
            finish(before);
        }
        EventFile file = open.computeIfAbsent(path, p -> new EventFile(p, dueMillis));
        openOf.put(line.key(), file);
        file.add(line);
        lines++;
        bytes += line.bytes();
        openLines++;
        openBytes += line.bytes();
        return file;
    }

    /** Adds nothing more to the file: it waits to be written. */
    void finish(EventFile file) {
        open.remove(file.path());
        openOf.keySet().removeAll(file.keys());
        openLines -= file.lines().size();
        openBytes -= file.bytes();
        waiting.add(file);
    }

    void finishAll() {
        List.copyOf(open.values()).forEach(this::finish);
    }

    void finishDue(long nowMillis) {
        for (EventFile file : List.copyOf(open.values())) {
            if (file.dueMillis() > nowMillis) {
                return;
            }
            finish(file);
        }
    }

    /** The next file that may be written beside those that are being written. */
    Optional<EventFile> takeNext() {
        Set<String> busy = new HashSet<>();
        writing.forEach(file -> busy.addAll(file.keys()));
        for (Iterator<EventFile> files = waiting.iterator(); files.hasNext(); ) {
            EventFile file = files.next();
            if (Collections.disjoint(file.keys(), busy)) {
                files.remove();
                writing.add(file);
                return Optional.of(file);
            }
            busy.addAll(file.keys());
        }
        return Optional.empty();
    }

    /** A file that was written, or could not be, is none of these any more. */
    void end(EventFile file) {
        writing.remove(file);
        lines -= file.lines().size();
        bytes -= file.bytes();
    }

    /** Takes out what came after the events of a file. */
    List<EventFile.Line> takeOutAfter(EventFile failed) {
        List<EventFile.Line> out = new ArrayList<>();
        for (EventFile file : waiting) {
            out.addAll(file.takeOut(failed.keys()));
        }
        int ofWaiting = out.size();
        open.values().forEach(file -> out.addAll(file.takeOut(failed.keys())));
        openOf.keySet().removeAll(failed.keys());
        waiting.removeIf(file -> file.lines().isEmpty());
        open.values().removeIf(file -> file.lines().isEmpty());
        openLines -= out.size() - ofWaiting;
        openBytes -= sum(out.subList(ofWaiting, out.size()));
        lines -= out.size();
        bytes -= sum(out);
        return out;
    }

    /** Takes out everything that is not being written. */
    List<EventFile.Line> takeOutAll() {
        finishAll();
        List<EventFile.Line> out = new ArrayList<>();
        waiting.forEach(file -> out.addAll(file.lines()));
        waiting.clear();
        lines -= out.size();
        bytes -= sum(out);
        return out;
    }

    /** When the first open file is due. */
    Optional<Long> firstDueMillis() {
        return open.values().stream().findFirst().map(EventFile::dueMillis);
    }

    /** Files that wait to be written. */
    int waiting() {
        return waiting.size();
    }

    int lines() {
        return lines;
    }

    long bytes() {
        return bytes;
    }

    int openLines() {
        return openLines;
    }

    long openBytes() {
        return openBytes;
    }

    int writing() {
        return writing.size();
    }

    private static long sum(List<EventFile.Line> lines) {
        return lines.stream().mapToLong(EventFile.Line::bytes).sum();
    }
}
