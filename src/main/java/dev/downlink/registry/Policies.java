// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.ActionId;
import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RuleId;
import dev.downlink.protocol.PolicyRequest;
import dev.downlink.protocol.PolicyRequest.BacklogView;
import dev.downlink.protocol.PolicyRequest.FlowView;
import dev.downlink.protocol.PolicyRows;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;

/** How much may wait, and how fast is sent (northbound §6.5). */
final class Policies {
    private final Bus bus;
    private final Changes changes;
    private final InstantSource clock;

    Policies(Bus bus, Changes changes, InstantSource clock) {
        this.bus = bus;
        this.changes = changes;
        this.clock = clock;
    }

    Answer<?> answer(PolicyRequest<?> request) {
        return switch (request) {
            case PolicyRequest.AddBacklogPolicy q -> Answer.to(q, add(q));
            case PolicyRequest.ChangeBacklogPolicy q -> Answer.to(q, change(q));
            case PolicyRequest.DeleteBacklogPolicy q ->
                Answer.to(q, changed(q.project(), bus.ask(new PolicyRows.DeleteBacklogPolicyRow(q.project(), q.id()))));
            case PolicyRequest.AddFlowPolicy q -> Answer.to(q, add(q));
            case PolicyRequest.ChangeFlowPolicy q -> Answer.to(q, change(q));
            case PolicyRequest.DeleteFlowPolicy q ->
                Answer.to(q, changed(q.project(), bus.ask(new PolicyRows.DeleteFlowPolicyRow(q.project(), q.id()))));
        };
    }

    private Future<BacklogView> change(PolicyRequest.ChangeBacklogPolicy q) {
        BacklogPolicy.check(q.name(), q.description(), q.maxBytes(), q.maxSeconds());
        return changed(q.project(), bus.ask(new PolicyRows.UpdateBacklogPolicy(q)));
    }

    private Future<FlowView> change(PolicyRequest.ChangeFlowPolicy q) {
        FlowPolicy.check(q.name(), q.description(), q.limit());
        return changed(q.project(), bus.ask(new PolicyRows.UpdateFlowPolicy(q)));
    }

    private <T> Future<T> changed(ProjectId project, Future<T> change) {
        return change.onSuccess(_ -> changes.rules(project));
    }

    private Future<BacklogView> add(PolicyRequest.AddBacklogPolicy q) {
        Instant now = clock.instant();
        BacklogPolicy policy = new BacklogPolicy(
                new PolicyId(Fresh.hex()),
                RecordId.next(now),
                q.project(),
                q.name(),
                q.description(),
                q.maxBytes(),
                q.maxSeconds(),
                now);
        return changed(q.project(), bus.ask(new PolicyRows.InsertBacklogPolicy(policy, BacklogPolicy.MAX_PER_PROJECT)))
                .map(_ -> new BacklogView(policy));
    }

    private Future<FlowView> add(PolicyRequest.AddFlowPolicy q) {
        Instant now = clock.instant();
        FlowPolicy policy = new FlowPolicy(
                new PolicyId(Fresh.hex()),
                RecordId.next(now),
                q.project(),
                q.name(),
                q.description(),
                q.scope(),
                q.scopeValue(),
                q.limit(),
                now);
        return checkScope(policy)
                .compose(_ -> changed(
                        q.project(), bus.ask(new PolicyRows.InsertFlowPolicy(policy, FlowPolicy.MAX_PER_PROJECT))))
                .map(_ -> new FlowView(policy));
    }

    /** What a policy is for has to be there when it is made. */
    private Future<?> checkScope(FlowPolicy policy) {
        String value = String.valueOf(policy.scopeValue());
        return switch (policy.scope()) {
            case RULE -> bus.ask(new RuleRows.SelectRule(policy.project(), new RuleId(value)));
            case ACTION -> bus.ask(new RuleRows.SelectAction(policy.project(), new ActionId(value)));
            case USER, CHANNEL -> Future.succeededFuture();
        };
    }
}
