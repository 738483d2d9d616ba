// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;

/** The sink of a channel that cannot be used as it is: nothing gets through until it is changed. */
record Nowhere(Failure.Unreachable failure) implements Sink {
    @Override
    public int room() {
        return 1;
    }

    @Override
    public boolean keepsOrder() {
        return false;
    }

    @Override
    public Future<Fate> push(Parcel parcel) {
        return Future.succeededFuture(new Fate.Failed(failure.where() + ": " + failure.why()));
    }

    @Override
    public Future<Void> probe() {
        return Future.failedFuture(new Failed(failure));
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
