// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures on threads that may block: those of the start, the stop and the commands. */
public final class Awaiting {
    private Awaiting() {}

    /** Throws the future's own failure if that is unchecked, else one with the same message around it. */
    public static <T> T await(Future<T> future, Duration limit) {
        try {
            return future.recover(e -> Future.failedFuture(unchecked(e)))
                    .await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done within " + limit.toSeconds() + " s", e);
        }
    }

    private static RuntimeException unchecked(Throwable e) {
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.getMessage(), e);
    }
}
