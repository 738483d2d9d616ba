// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.model.ProjectId;
import org.jspecify.annotations.Nullable;

/**
 * Changes of how much may wait and how fast is sent (northbound §6.5). A policy that does not exist is
 * {@link Failure.NotFound}, also another project's one. All nodes are told of a change after it is committed.
 */
public sealed interface PolicyRequest<R extends Record> extends RegistryRequest<R> {

    record AddBacklogPolicy(
            ProjectId project,
            @Nullable String name,
            @Nullable String description,
            int maxBytes,
            int maxSeconds) implements PolicyRequest<BacklogView> {}

    /** What is null stays as it is. */
    record ChangeBacklogPolicy(
            ProjectId project,
            PolicyId id,
            @Nullable String name,
            @Nullable String description,
            @Nullable Integer maxBytes,
            @Nullable Integer maxSeconds)
            implements PolicyRequest<BacklogView> {}

    record DeleteBacklogPolicy(ProjectId project, PolicyId id) implements PolicyRequest<Done> {}

    /** Fails with {@link Failure.NotFound} for a rule or action that it is meant for. */
    record AddFlowPolicy(
            ProjectId project,
            @Nullable String name,
            @Nullable String description,
            FlowPolicy.Scope scope,
            @Nullable String scopeValue,
            int limit)
            implements PolicyRequest<FlowView> {}

    /** What is null stays as it is. */
    record ChangeFlowPolicy(
            ProjectId project,
            PolicyId id,
            @Nullable String name,
            @Nullable String description,
            @Nullable Integer limit)
            implements PolicyRequest<FlowView> {}

    record DeleteFlowPolicy(ProjectId project, PolicyId id) implements PolicyRequest<Done> {}

    record BacklogView(BacklogPolicy policy) {}

    record FlowView(FlowPolicy policy) {}
}
