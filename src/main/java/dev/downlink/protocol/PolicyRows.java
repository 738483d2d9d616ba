// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.PolicyRequest.BacklogView;
import dev.downlink.protocol.PolicyRequest.ChangeBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeFlowPolicy;
import dev.downlink.protocol.PolicyRequest.FlowView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of policies. One that is not there, or belongs to another project, is {@link Failure.NotFound}. */
public sealed interface PolicyRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.LimitReached}. */
    record InsertBacklogPolicy(BacklogPolicy policy, int maxPerProject) implements PolicyRows<Done> {}

    record SelectBacklogPolicy(ProjectId project, PolicyId id) implements PolicyRows<BacklogView> {}

    record UpdateBacklogPolicy(ChangeBacklogPolicy change) implements PolicyRows<BacklogView> {}

    record DeleteBacklogPolicyRow(ProjectId project, PolicyId id) implements PolicyRows<Done> {}

    record ListBacklogPolicies(ProjectId project, @Nullable String name, Page page)
            implements PolicyRows<BacklogPolicies> {}

    /** Fails with {@link Failure.LimitReached}. */
    record InsertFlowPolicy(FlowPolicy policy, int maxPerProject) implements PolicyRows<Done> {}

    record SelectFlowPolicy(ProjectId project, PolicyId id) implements PolicyRows<FlowView> {}

    record UpdateFlowPolicy(ChangeFlowPolicy change) implements PolicyRows<FlowView> {}

    record DeleteFlowPolicyRow(ProjectId project, PolicyId id) implements PolicyRows<Done> {}

    record ListFlowPolicies(
            ProjectId project,
            FlowPolicy.@Nullable Scope scope,
            @Nullable String scopeValue,
            @Nullable String name,
            Page page)
            implements PolicyRows<FlowPolicies> {}

    record BacklogPolicies(List<BacklogPolicy> policies, long count) {}

    record FlowPolicies(List<FlowPolicy> policies, long count) {}
}
