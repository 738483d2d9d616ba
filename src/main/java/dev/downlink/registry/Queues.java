// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.AccessCode;
import dev.downlink.model.AmqpQueue;
import dev.downlink.model.QueueId;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RuleRequest.AddQueue;
import dev.downlink.protocol.RuleRequest.CodeView;
import dev.downlink.protocol.RuleRequest.DeleteQueue;
import dev.downlink.protocol.RuleRequest.QueueView;
import dev.downlink.protocol.RuleRequest.ReplaceCode;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;

/** Queues, and what their consumers log in with (northbound §6.2). */
final class Queues {
    private final Bus bus;
    private final Changes changes;
    private final InstantSource clock;

    Queues(Bus bus, Changes changes, InstantSource clock) {
        this.bus = bus;
        this.changes = changes;
        this.clock = clock;
    }

    Future<QueueView> add(AddQueue q) {
        Instant now = clock.instant();
        AmqpQueue queue = new AmqpQueue(new QueueId(Fresh.hex()), RecordId.next(now), q.project(), q.name(), now, now);
        return bus.ask(new RuleRows.InsertQueue(queue, AmqpQueue.MAX_PER_PROJECT))
                .onSuccess(_ -> changes.rules(q.project()))
                .map(_ -> new QueueView(queue));
    }

    Future<Done> delete(DeleteQueue q) {
        return bus.ask(new RuleRows.DeleteQueueRow(q.project(), q.id())).onSuccess(_ -> changes.rules(q.project()));
    }

    Future<CodeView> replace(ReplaceCode q) {
        AccessCode code = new AccessCode(q.project(), q.type(), Fresh.codeKey(), Fresh.accessCode(), clock.instant());
        return bus.ask(new RuleRows.UpsertCode(code)).map(_ -> {
            if (q.type() == AccessCode.Type.AMQP) {
                bus.publish(new Notice.AccessCodeReplaced(q.project(), q.disconnect()));
            }
            return new CodeView(code);
        });
    }
}
