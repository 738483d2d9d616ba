// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.InvalidField;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleAction;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRequest.AddAction;
import dev.downlink.protocol.RuleRequest.ChangeAction;
import dev.downlink.protocol.RuleRequest.DeleteAction;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The actions of rules (northbound §6.1). */
final class Actions {
    private final Bus bus;
    private final Changes changes;
    private final Probing probing;
    private final InstantSource clock;

    Actions(Bus bus, Changes changes, Probing probing, InstantSource clock) {
        this.bus = bus;
        this.changes = changes;
        this.probing = probing;
        this.clock = clock;
    }

    Future<ActionView> add(AddAction q) {
        Channel channel = complete(q.channel());
        return bus.ask(new RuleRows.SelectRule(q.project(), q.rule()))
                .compose(found -> probe(found.rule(), channel))
                .compose(_ -> bus.ask(new RuleRows.InsertAction(action(q, channel), RuleAction.MAX_PER_RULE)))
                .onSuccess(_ -> changes.rules(q.project()));
    }

    private RuleAction action(AddAction q, Channel channel) {
        Instant now = clock.instant();
        return new RuleAction(new ActionId(Fresh.hex()), RecordId.next(now), q.project(), q.rule(), channel, now);
    }

    /** A rule that is active uses its actions at once. */
    private Future<?> probe(RoutingRule rule, Channel channel) {
        return rule.active() ? probing.check(rule.project(), List.of(channel)) : Future.succeededFuture();
    }

    Future<ActionView> change(ChangeAction q) {
        return bus.ask(new RuleRows.SelectAction(q.project(), q.id())).compose(old -> {
            Channel channel = complete(keepSecret(q.channel(), old.action().channel()));
            checkOutlet(channel, old.action().channel());
            return probe(old.rule(), channel)
                    .compose(_ -> bus.ask(new RuleRows.UpdateAction(q.project(), q.id(), channel)))
                    .onSuccess(_ -> changes.rules(q.project()));
        });
    }

    /** Nobody else gets to see a secret that was given for one destination. */
    private static Channel keepSecret(Channel wanted, Channel old) {
        boolean same = wanted.kind() == old.kind() && wanted.destination().equals(old.destination());
        return same && wanted.secret() == null && wanted.secretField() != null
                ? wanted.withSecret(old.secret())
                : wanted;
    }

    private static Channel complete(Channel channel) {
        String field = channel.secretField();
        if (field != null && channel.secret() == null) {
            throw new InvalidField(field, "is mandatory");
        }
        return channel;
    }

    /** What waits stays where it is, so it must lead to the new channel too. */
    private static void checkOutlet(Channel wanted, Channel old) {
        boolean queue = wanted instanceof Channel.Amqp || old instanceof Channel.Amqp;
        if (queue && !wanted.equals(old)) {
            throw new InvalidField(
                    "channel", "of an action that has or gets a queue cannot be changed: add another action for it");
        }
    }

    Future<Done> delete(DeleteAction q) {
        return bus.ask(new RuleRows.DeleteActionRow(q.project(), q.id())).onSuccess(_ -> changes.rules(q.project()));
    }
}
