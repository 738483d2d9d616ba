// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * An event that was handed to the consumers of a queue, and what becomes of it.
 *
 * @param by where it came from
 */
record AmqpHanded(Parcel parcel, AmqpSink by, Promise<Fate> fate) {

    AmqpHanded(Parcel parcel, AmqpSink by) {
        this(parcel, by, Promise.promise());
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
