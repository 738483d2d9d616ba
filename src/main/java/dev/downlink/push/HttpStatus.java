// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver's status says of an event (northbound §6.6). A status that speaks of the event itself is a refusal; others speak
 * of the receiver, its address or who may send, and the event may get through later.
 */
final class HttpStatus {
    private static final Set<Integer> OF_THE_EVENT = Set.of(400, 406, 409, 411, 413, 414, 415, 417, 422, 431, 501);
    private static final Set<Integer> LATER = Set.of(429, 503);

    private HttpStatus() {}

    /** @param retryAfter the header, null when there is none */
    static Fate fate(int status, @Nullable String retryAfter, Instant now) {
        if (status >= 200 && status < 300) {
            return Fate.ACCEPTED;
        }
        String why = "answered " + status;
        if (status >= 300 && status < 400) {
            return new Fate.Failed(why + ": redirects are not followed");
        }
        if (OF_THE_EVENT.contains(status)) {
            return new Fate.Refused(why);
        }
        return LATER.contains(status) && retryAfter != null
                ? new Fate.Failed(why, wait(retryAfter, now))
                : new Fate.Failed(why);
    }

    /** Seconds or a date; zero when it is neither. */
    private static Duration wait(String retryAfter, Instant now) {
        try {
            if (retryAfter.matches("[0-9]{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(retryAfter));
            }
            Instant until = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
        } catch (DateTimeException _) {
            return Duration.ZERO;
        }
    }
}
