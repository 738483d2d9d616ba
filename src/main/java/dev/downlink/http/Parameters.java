// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.model.InvalidField;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.time.Instant;

/** Query parameters that are no texts. */
final class Parameters {
    private Parameters() {}

    static boolean bool(String name, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidField(name, "must be true or false");
        };
    }

    /** @throws Failed with {@link Failure.BadTime} */
    static Instant time(String name, String text) {
        return Timestamps.parseCompact(text)
                .orElseThrow(() -> new Failed(new Failure.BadTime(name, "must look like 20260101T120000Z")));
    }
}
