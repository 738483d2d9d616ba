// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** A file that is being gathered, one event on each line. Belongs to the event loop of its sink. */
final class EventFile {
    private final String path;
    private final long dueMillis;
    private final List<Line> lines = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private long bytes;

    /** An event, and what becomes of it. */
    record Line(String key, Buffer text, Promise<Fate> fate) {
        int bytes() {
            return text.length() + 1;
        }
    }

    /** @param dueMillis when it is to be written at the latest */
    EventFile(String path, long dueMillis) {
        this.path = path;
        this.dueMillis = dueMillis;
    }

    void add(Line line) {
        lines.add(line);
        keys.add(line.key);
        bytes += line.bytes();
    }

    /** Removes all lines with one of the keys. */
    List<Line> takeOut(Collection<String> wanted) {
        if (Collections.disjoint(keys, wanted)) {
            return List.of();
        }
        List<Line> out = new ArrayList<>();
        for (Iterator<Line> all = lines.iterator(); all.hasNext(); ) {
            Line line = all.next();
            if (wanted.contains(line.key)) {
                all.remove();
                out.add(line);
                bytes -= line.bytes();
            }
        }
        keys.removeAll(wanted);
        return out;
    }

    String path() {
        return path;
    }

    long dueMillis() {
        return dueMillis;
    }

    /** Of all events that are in it. */
    Set<String> keys() {
        return keys;
    }

    long bytes() {
        return bytes;
    }

    List<Line> lines() {
        return lines;
    }

    /** All of it. For any thread, as soon as nothing is added any more. */
    Buffer content() {
        Buffer content = Buffer.buffer((int) bytes);
        for (Line line : lines) {
            content.appendBuffer(line.text).appendByte((byte) '\n');
        }
        return content;
    }
}
