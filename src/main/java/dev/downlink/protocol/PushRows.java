// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.ActionId;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Subject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits to be pushed, and what became of it. */
public sealed interface PushRows<R extends Record> extends RepositoryRequest<R> {

    /** How an outlet is doing. */
    record SelectStatus(int outlet) implements PushRows<OutletStatus> {}

    record ListDeadLetters(ProjectId project, ActionId action, Page page) implements PushRows<DeadLetters> {}

    /** @param ids null: all */
    record ReplayDeadLetters(
            ProjectId project, ActionId action, @Nullable List<Long> ids) implements PushRows<Replayed> {}

    /** @param ids null: all */
    record DeleteDeadLetters(
            ProjectId project, ActionId action, @Nullable List<Long> ids) implements PushRows<Replayed> {}

    record OutletStatus(
            long delivered,
            long failed,
            long dropped,
            @Nullable Instant droppedLast,
            @Nullable String lastError,
            @Nullable Instant lastErrorTime,
            boolean paused,
            long waiting,
            long waitingBytes,
            @Nullable Instant oldest,
            long deadLetters) {}

    record DeadLetters(List<DeadLetter> letters, long count) {}

    record DeadLetter(
            RecordId recordId,
            long id,
            Subject subject,
            @Nullable DeviceId device,
            Instant happened,
            Instant died,
            String error,
            Json body) {}

    record Replayed(int count) {}
}
