// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleAction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the room that pushes can be asked.
 *
 * @param <R> type of the answer
 */
public sealed interface PushRequest<R extends Record> extends Request<R> {

    /** Whether what a rule selects is understood. Fails with {@link Failure.Invalid} for {@code select} or {@code where}. */
    record CheckQuery(@Nullable String select, @Nullable String where) implements PushRequest<Done> {}

    /** Whether there is somebody where a channel leads. Fails with {@link Failure.Unreachable}. */
    record ProbeChannel(ProjectId project, Channel channel) implements PushRequest<Done> {
        @Override
        public Duration patience() {
            return SINK_PATIENCE;
        }
    }

    /** Sends a sample event on the way that a rule's events take, past its queue and whether it is active or not. */
    record SendSample(RoutingRule rule, RuleAction action) implements PushRequest<SampleSent> {
        @Override
        public Duration patience() {
            return SINK_PATIENCE;
        }
    }

    /**
     * @param error why it was not accepted, null when it was
     * @param millis that it took
     */
    record SampleSent(@Nullable String error, long millis) {}

    /** Longer than a sink may take to answer (northbound §6.6). */
    Duration SINK_PATIENCE = Duration.ofSeconds(20);
}
