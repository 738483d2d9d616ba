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
import dev.downlink.model.Subject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Changes of rules, their actions, queues and access codes (northbound §6). What does not exist is {@link Failure.NotFound},
 * also another project's one. All nodes are told of a change after it is committed.
 */
public sealed interface RuleRequest<R extends Record> extends RegistryRequest<R> {

    /** Longer than channels may take to be tried. */
    Duration PROBING = PushRequest.SINK_PATIENCE.plusSeconds(5);

    /**
     * A new rule is not active.
     *
     * @param global for all spaces of the project; else for one, without {@code space} the default one
     * @param space has to be there in any case; fails with {@link Failure.SpaceNotFound}
     */
    record AddRule(
            ProjectId project,
            boolean global,
            @Nullable SpaceId space,
            Subject subject,
            @Nullable String name,
            @Nullable String description,
            Query query)
            implements RuleRequest<RuleView> {}

    /**
     * What is null stays as it is. A rule becomes active only when it has an action, and all its actions lead somewhere if they
     * are to be tried: fails with {@link Failure.Invalid} for {@code active} or {@link Failure.Unreachable}.
     */
    record ChangeRule(
            ProjectId project,
            RuleId id,
            @Nullable String name,
            @Nullable String description,
            @Nullable Query query,
            @Nullable Boolean active)
            implements RuleRequest<RuleView> {
        @Override
        public Duration patience() {
            return PROBING;
        }
    }

    /** With its actions and what waits for them. */
    record DeleteRule(ProjectId project, RuleId id) implements RuleRequest<Done> {}

    /** Fails with {@link Failure.NotFound} for a rule or queue, {@link Failure.Unreachable} if the rule is active. */
    record AddAction(ProjectId project, RuleId rule, Channel channel) implements RuleRequest<ActionView> {
        @Override
        public Duration patience() {
            return PROBING;
        }
    }

    /**
     * A secret that is left out stays as it is as long as the channel leads to the same. Fails with {@link Failure.Invalid} for
     * a channel of a queue in place of another one or another queue: what waits would be left behind.
     */
    record ChangeAction(ProjectId project, ActionId id, Channel channel) implements RuleRequest<ActionView> {
        @Override
        public Duration patience() {
            return PROBING;
        }
    }

    /** With what waits for it, unless that is in a queue. */
    record DeleteAction(ProjectId project, ActionId id) implements RuleRequest<Done> {}

    record AddQueue(ProjectId project, String name) implements RuleRequest<QueueView> {}

    /** With what is in it. Fails with {@link Failure.InUse} while there are actions for it. */
    record DeleteQueue(ProjectId project, QueueId id) implements RuleRequest<Done> {}

    /**
     * Takes the place of the one there was of this type.
     *
     * @param disconnect whether those are to be sent away who logged in with that
     */
    record ReplaceCode(ProjectId project, AccessCode.Type type, boolean disconnect) implements RuleRequest<CodeView> {}

    /** @param select null: all of it; likewise {@code where} */
    record Query(@Nullable String select, @Nullable String where) {
        public static final Query ALL = new Query(null, null);
    }

    record RuleView(RoutingRule rule) {}

    /** @param outlet where its events wait */
    record ActionView(RuleAction action, RoutingRule rule, int outlet) {}

    record QueueView(AmqpQueue queue) {}

    record CodeView(AccessCode code) {}
}
