// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries what other threads have to say to an event loop, in the order in which it was said, and many things in one step.
 * Safe for all threads. Holds no more than those threads have in hand.
 */
final class ToEventLoop {
    private final Context context;
    private final Queue<Runnable> said = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isOnItsWay = new AtomicBoolean();

    ToEventLoop(Context context) {
        this.context = context;
    }

    void say(Runnable what) {
        said.add(what);
        if (isOnItsWay.compareAndSet(false, true)) {
            context.runOnContext(_ -> hear());
        }
    }

    private void hear() {
        isOnItsWay.set(false);
        for (Runnable what = said.poll(); what != null; what = said.poll()) {
            what.run();
        }
    }
}
