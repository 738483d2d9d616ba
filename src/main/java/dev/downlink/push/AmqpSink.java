// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;

/**
 * A queue of this gateway, as its consumers at this instance of the room see it: as much as they have given credit for is sent
 * to them. Belongs to that instance.
 */
final class AmqpSink implements Sink {
    private final AmqpConsumers consumers;
    private final Runnable ready;
    private boolean closed;

    /** @param ready called whenever there is room again */
    AmqpSink(AmqpConsumers consumers, Runnable ready) {
        this.consumers = consumers;
        this.ready = ready;
        consumers.open(this);
    }

    void isReady() {
        ready.run();
    }

    @Override
    public int room() {
        return closed ? 0 : consumers.room();
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    @Override
    public Future<Fate> push(Parcel parcel) {
        return closed ? Future.succeededFuture(Fate.RETURNED) : consumers.push(parcel, this);
    }

    /** A queue takes events also when nobody is there to fetch them. */
    @Override
    public Future<Void> probe() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        if (!closed) {
            closed = true;
            consumers.close(this);
        }
        return Future.succeededFuture();
    }
}
