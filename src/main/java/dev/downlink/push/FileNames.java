// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * Names that no other file has and that sort by time: when it was written, who wrote it, how many it wrote before. The time never
 * goes back, whatever the clock does.
 */
final class FileNames {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final String writer = UUID.randomUUID().toString().substring(0, 8);
    private Instant latest = Instant.EPOCH;
    private long count;

    FileNames(InstantSource clock) {
        this.clock = clock;
    }

    String next() {
        Instant now = clock.instant();
        latest = now.isBefore(latest) ? latest : now;
        return "%s-%s-%06d.jsonl".formatted(TIME.format(latest), writer, ++count);
    }
}
