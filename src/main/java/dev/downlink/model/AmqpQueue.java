// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.regex.Pattern;

/** A queue that keeps events for consumers who log in with an access code (northbound §6.2). */
public record AmqpQueue(
        QueueId id, RecordId recordId, ProjectId project, String name, Instant created, Instant modified) {
    public static final int MAX_PER_PROJECT = 100;
    public static final int MAX_NAME = 128;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{8," + MAX_NAME + "}");

    public AmqpQueue {
        checkName(name);
    }

    /** @throws InvalidField for {@code queue_name} */
    @CanIgnoreReturnValue
    public static String checkName(String name) {
        if (!NAME.matcher(Text.present("queue_name", name)).matches()) {
            throw new InvalidField("queue_name", "must have 8 to 128 letters, digits, '_', '-', '.' and ':'");
        }
        return name;
    }
}
