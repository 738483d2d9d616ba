// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.model.AccessCode;
import dev.downlink.protocol.RuleRows.SelectAccessCode;
import dev.downlink.protocol.RuleRows.SelectQueue;
import io.vertx.core.Future;
import java.util.Optional;

/** Looks up in the repository. */
record StoredDirectory(Bus bus) implements AmqpDirectory {

    @Override
    public Future<Optional<AccessCode>> code(String accessKey) {
        return bus.ask(new SelectAccessCode(accessKey)).map(found -> Optional.ofNullable(found.code()));
    }

    @Override
    public Future<Boolean> hasQueue(QueueKey queue) {
        return bus.ask(new SelectQueue(queue.project(), queue.name())).map(found -> found.queue() != null);
    }
}
