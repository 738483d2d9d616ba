// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.InvalidField;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.PushRequest;
import dev.downlink.protocol.RuleRequest.AddRule;
import dev.downlink.protocol.RuleRequest.ChangeRule;
import dev.downlink.protocol.RuleRequest.DeleteRule;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRequest.RuleView;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Rules (northbound §6.1). */
final class Rules {
    private final Bus bus;
    private final Spaces spaces;
    private final Changes changes;
    private final Probing probing;
    private final InstantSource clock;

    Rules(Bus bus, Spaces spaces, Changes changes, Probing probing, InstantSource clock) {
        this.bus = bus;
        this.spaces = spaces;
        this.changes = changes;
        this.probing = probing;
        this.clock = clock;
    }

    Future<RuleView> add(AddRule q) {
        return check(q.query())
                .compose(_ -> space(q))
                .map(space -> rule(q, space))
                .compose(rule -> bus.ask(new RuleRows.InsertRule(rule, RoutingRule.MAX_PER_PROJECT))
                        .onSuccess(_ -> changes.rules(q.project()))
                        .map(_ -> new RuleView(rule)));
    }

    private Future<?> check(@Nullable Query query) {
        return query == null || query.equals(Query.ALL)
                ? Future.succeededFuture()
                : bus.ask(new PushRequest.CheckQuery(query.select(), query.where()));
    }

    private Future<@Nullable SpaceId> space(AddRule q) {
        if (!q.global()) {
            return spaces.find(q.project(), q.space()).map(found -> found.id());
        }
        return q.space() == null
                ? Future.succeededFuture()
                : spaces.find(q.project(), q.space()).map(_ -> null);
    }

    private RoutingRule rule(AddRule q, @Nullable SpaceId space) {
        Instant now = clock.instant();
        return new RoutingRule(
                new RuleId(Fresh.hex()),
                RecordId.next(now),
                q.project(),
                space,
                q.subject(),
                q.name(),
                q.description(),
                q.query().select(),
                q.query().where(),
                false,
                now);
    }

    Future<RuleView> change(ChangeRule q) {
        return check(q.query())
                .compose(_ -> bus.ask(new RuleRows.SelectRule(q.project(), q.id())))
                .compose(old -> Boolean.TRUE.equals(q.active()) && !old.rule().active()
                        ? checkActions(old.rule())
                        : Future.succeededFuture())
                .compose(_ -> bus.ask(
                        new RuleRows.UpdateRule(q.project(), q.id(), q.name(), q.description(), q.query(), q.active())))
                .onSuccess(_ -> changes.rules(q.project()));
    }

    private Future<?> checkActions(RoutingRule rule) {
        return bus.ask(new RuleRows.SelectActions(rule.project(), rule.id())).compose(found -> {
            if (found.actions().isEmpty()) {
                throw new InvalidField("active", "can only be true when the rule has an action");
            }
            return probing.check(
                    rule.project(),
                    found.actions().stream()
                            .map(view -> view.action().channel())
                            .toList());
        });
    }

    Future<Done> delete(DeleteRule q) {
        return bus.ask(new RuleRows.DeleteRuleRow(q.project(), q.id())).onSuccess(_ -> changes.rules(q.project()));
    }
}
