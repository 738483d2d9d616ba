// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** An event that was handed to the consumers of a queue, and what becomes of it. */
record AmqpHanded(Parcel parcel, Promise<Fate> fate) {

    AmqpHanded(Parcel parcel) {
        this(parcel, Promise.promise());
    }

    Future<Fate> future() {
        return fate.future();
    }

    /** Does nothing when its fate is known already. */
    void end(Fate how) {
        boolean _ = fate.tryComplete(how);
    }

    boolean isOver() {
        return fate.future().isComplete();
    }
}
