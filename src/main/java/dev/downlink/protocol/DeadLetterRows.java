// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.ActionId;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.EventKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that were put aside since they cannot be sent. */
public sealed interface DeadLetterRows<R extends Record> extends RepositoryRequest<R> {
    /**
     * Puts events aside that cannot be sent.
     *
     * @param maxPerOutlet kept of each outlet; the oldest are given up
     */
    record BuryEvents(List<Burial> events, int maxPerOutlet) implements DeadLetterRows<Buried> {}

    record Burial(EventKey event, RecordId record, String error) {}

    /** @param givenUp older dead letters that went for them */
    record Buried(int givenUp) {}

    /** Newest first. Fails with {@link Failure.NotFound} when there is no such action. */
    record ListDeadLetters(ProjectId project, ActionId action, Page page) implements DeadLetterRows<DeadLetters> {}

    record DeadLetters(List<DeadLetter> letters, long count) {
        public DeadLetters {
            letters = List.copyOf(letters);
        }
    }

    record DeadLetter(
            RecordId recordId,
            long id,
            Subject subject,
            @Nullable DeviceId device,
            Instant happened,
            Instant died,
            String error,
            Json body) {}

    /**
     * Puts dead letters back behind what waits. Fails with {@link Failure.NotFound} when there is no such action.
     *
     * @param ids null: all
     */
    record ReplayDeadLetters(
            ProjectId project, ActionId action, @Nullable List<Long> ids) implements DeadLetterRows<Replayed> {}

    /** Likewise. */
    record DeleteDeadLetters(
            ProjectId project, ActionId action, @Nullable List<Long> ids) implements DeadLetterRows<Replayed> {}

    record Replayed(int count) {}
}
