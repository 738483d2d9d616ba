// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one thread opens, step by step, and whoever stops the process closes in reverse order, perhaps while that thread is
 * still at it. Safe for all threads.
 */
public final class Lifetime {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lifetime.class);
    private static final int STEP_SECONDS = 90;

    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean closing;
    private boolean clean = true;

    private record Part(String name, AutoCloseable closing) {}

    /** Thrown into the opening thread when somebody stops the process meanwhile. */
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped while starting", null, false, false);
        }
    }

    /** Adds what was just opened. */
    @CanIgnoreReturnValue
    public synchronized <T extends AutoCloseable> T own(String name, T part) {
        parts.push(new Part(name, part));
        if (closing) {
            throw new Stopped();
        }
        return part;
    }

    /** The opening thread has opened all that it will, or failed. */
    public void openingIsOver() {
        opened.countDown();
    }

    /** Closes everything, the last opened first; a second caller waits for the first. Returns whether all went well. */
    @CanIgnoreReturnValue
    public boolean close() {
        if (begin()) {
            awaitOpening();
            closeParts();
            closed.countDown();
        }
        awaitClosed();
        return clean;
    }

    /** Returns when all is closed, or the waiting thread is interrupted. */
    public void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean begin() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    private void awaitOpening() {
        try {
            if (!opened.await(STEP_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.warn("the start did not end in {} s", STEP_SECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void closeParts() {
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private void close(Part part) {
        try {
            part.closing().close();
        } catch (Exception e) {
            clean = false;
            LOGGER.warn("cannot close {} error={}", part.name(), e.toString());
        }
    }
}
