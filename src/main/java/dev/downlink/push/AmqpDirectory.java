// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.AccessCode;
import io.vertx.core.Future;
import java.util.Optional;

/** What the door for consumers has to look up. */
interface AmqpDirectory {

    /** The access code of a key; whether it is one for consumers is for the caller to see. */
    Future<Optional<AccessCode>> code(String accessKey);

    Future<Boolean> hasQueue(QueueKey queue);
}
