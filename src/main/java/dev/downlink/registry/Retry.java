// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/** Changes a row that others may change at the same time: reads it, writes it, and starts again when somebody was quicker. */
final class Retry {
    private static final int MAX_RETRIES = 3;

    private Retry() {}

    /** @param write decides on what was read; what it throws is final, only a failed write is tried again */
    static <T, R> Future<R> onConflict(Supplier<Future<T>> read, Function<T, Future<R>> write) {
        return attempt(read, write, MAX_RETRIES);
    }

    private static <T, R> Future<R> attempt(Supplier<Future<T>> read, Function<T, Future<R>> write, int retries) {
        return read.get()
                .compose(seen -> write.apply(seen)
                        .recover(e -> retries > 0 && isConflict(e)
                                ? attempt(read, write, retries - 1)
                                : Future.failedFuture(e)));
    }

    private static boolean isConflict(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.Conflict;
    }
}
