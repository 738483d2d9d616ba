// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What became of a future, for a test's own thread. */
public final class Outcome {
    private static final int PATIENCE_SECONDS = 30;

    private Outcome() {}

    @CanIgnoreReturnValue
    public static <T> T of(Future<T> future) {
        try {
            return get(future);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        }
    }

    /** The failure of a future that has to fail. */
    public static Failure failure(Future<?> future) {
        try {
            throw new AssertionError("no failure but " + get(future));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failed failed) {
                return failed.failure();
            }
            throw new AssertionError("not a failure of ours: " + e.getCause(), e.getCause());
        }
    }

    private static <T> T get(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no outcome after " + PATIENCE_SECONDS + " s", e);
        }
    }
}
