// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Failure;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bugs: logged once with their stack trace, answered with the id under which the log has it. */
public final class Incidents {
    private static final Logger LOGGER = LoggerFactory.getLogger(Incidents.class);

    private Incidents() {}

    /** @param doing what was being done, for the log; must not hold a secret or a payload */
    public static Failure.Internal failure(Throwable e, String doing) {
        String incident = UUID.randomUUID().toString();
        LOGGER.error("incident {} in {}", incident, doing, e);
        return new Failure.Internal(incident);
    }
}
