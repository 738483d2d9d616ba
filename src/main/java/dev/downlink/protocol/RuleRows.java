// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.AccessCode;
import dev.downlink.model.ActionId;
import dev.downlink.model.AmqpQueue;
import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.model.QueueId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleAction;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRequest.QueueView;
import dev.downlink.protocol.RuleRequest.RuleView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of rules, actions, queues and access codes. A thing that is asked for by its id and is not there, or belongs to
 * another project, is {@link Failure.NotFound}.
 */
public sealed interface RuleRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.LimitReached}, or {@link Failure.SpaceNotFound}. */
    record InsertRule(RoutingRule rule, int maxPerProject) implements RuleRows<Done> {}

    record SelectRule(ProjectId project, RuleId id) implements RuleRows<RuleView> {}

    /** What is null stays as it is. */
    record UpdateRule(
            ProjectId project,
            RuleId id,
            @Nullable String name,
            @Nullable String description,
            @Nullable Query query,
            @Nullable Boolean active)
            implements RuleRows<RuleView> {}

    /** With its actions and their outlets. */
    record DeleteRuleRow(ProjectId project, RuleId id) implements RuleRows<Done> {}

    record ListRules(ProjectId project, RuleFilter filter, Page page) implements RuleRows<RulePage> {}

    /** Makes an outlet for it, or takes that of its queue. Fails with {@link Failure.NotFound}, {@link Failure.LimitReached}. */
    record InsertAction(RuleAction action, int maxPerRule) implements RuleRows<ActionView> {}

    record SelectAction(ProjectId project, ActionId id) implements RuleRows<ActionView> {}

    /** All actions of a rule, the oldest first. */
    record SelectActions(ProjectId project, RuleId rule) implements RuleRows<Actions> {}

    /** The outlet stays the same. */
    record UpdateAction(ProjectId project, ActionId id, Channel channel) implements RuleRows<ActionView> {}

    /** With its outlet, unless that is a queue's. */
    record DeleteActionRow(ProjectId project, ActionId id) implements RuleRows<Done> {}

    record ListActions(ProjectId project, ActionFilter filter, Page page) implements RuleRows<ActionPage> {}

    /** Makes its outlet too. Fails with {@link Failure.AlreadyExists} for a name twice, or {@link Failure.LimitReached}. */
    record InsertQueue(AmqpQueue queue, int maxPerProject) implements RuleRows<Done> {}

    record SelectQueueById(ProjectId project, QueueId id) implements RuleRows<QueueView> {}

    /** Never fails for a queue that is not there. */
    record SelectQueue(ProjectId project, String name) implements RuleRows<FoundQueue> {}

    /** Fails with {@link Failure.InUse} while there are actions for it. */
    record DeleteQueueRow(ProjectId project, QueueId id) implements RuleRows<Done> {}

    /** @param name part of the queues' names */
    record ListQueues(ProjectId project, @Nullable String name, Page page) implements RuleRows<QueuePage> {}

    /** Takes the place of the one there was of the project and type. */
    record UpsertCode(AccessCode code) implements RuleRows<Done> {}

    /** Never fails for a code that is not there. */
    record SelectAccessCode(String accessKey) implements RuleRows<FoundCode> {}

    /**
     * All that is null does not matter.
     *
     * @param global only rules for all spaces, or only the others
     */
    record RuleFilter(
            @Nullable String resource,
            @Nullable String event,
            @Nullable Boolean global,
            @Nullable SpaceId space,
            @Nullable String name,
            @Nullable Boolean active) {}

    /** @param global only actions of rules for all spaces, or only the others */
    record ActionFilter(
            @Nullable RuleId rule,
            Channel.@Nullable Kind channel,
            @Nullable Boolean global,
            @Nullable SpaceId space) {}

    record RulePage(List<RoutingRule> rules, long count) {}

    record Actions(List<ActionView> actions) {}

    record ActionPage(List<ActionView> actions, long count) {}

    record QueuePage(List<AmqpQueue> queues, long count) {}

    record FoundQueue(@Nullable QueueRow queue) {}

    record QueueRow(AmqpQueue queue, int outlet) {}

    record FoundCode(@Nullable AccessCode code) {}
}
