// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * A topic of Kafka. Records of a device have its id as their key, so they are in one partition, in order. Belongs to the event
 * loop that made it; at most {@code push.max_in_hand} records and {@value #MAX_BYTES} bytes are under way.
 *
 * <p>The records go over one {@link KafkaLine} at a time. While one ends there is no room, and the next starts when it is needed.
 */
final class KafkaSink implements Sink {
    static final int MAX_BYTES = 8 << 20;

    private final Vertx vertx;
    private final KafkaAccess access;
    private final ToEventLoop loop;
    private final Runnable ready;
    private final SinkMeters meters;
    private final Promise<Void> closed = Promise.promise();
    private final Lines lines = new Lines();
    private @Nullable KafkaLine line;
    private int records;
    private long bytes;
    private boolean isClosing;
    /** There was no room when it was last looked at. */
    private boolean isFull;

    /** @param ready called whenever there is room again */
    KafkaSink(Vertx vertx, KafkaAccess access, SinkMeters meters, Runnable ready) {
        this.vertx = vertx;
        this.access = access;
        this.loop = new ToEventLoop(vertx.getOrCreateContext());
        this.meters = meters;
        this.ready = ready;
    }

    @Override
    public int room() {
        boolean hasNone = isClosing || bytes >= MAX_BYTES || (line != null && line.isEnding());
        int room = hasNone ? 0 : Math.max(0, access.settings().maxInHand() - records);
        isFull = room == 0;
        return room;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    @Override
    public boolean mayBlame() {
        return false;
    }

    @Override
    public Future<Fate> push(Parcel parcel) {
        if (room() == 0) {
            return Future.succeededFuture(Fate.RETURNED);
        }
        Promise<Fate> fate = Promise.promise();
        KafkaRecord kafkaRecord = new KafkaRecord(access.channel().topic(), parcel, fate);
        records++;
        bytes += kafkaRecord.bytes();
        meters.records().up();
        line().send(kafkaRecord);
        return fate.future();
    }

    @Override
    public Future<Void> probe() {
        Promise<Void> answer = Promise.promise();
        if (isClosing) {
            answer.fail(new Failed(new Failure.ShuttingDown()));
        } else {
            line().probe(answer);
        }
        long timer = vertx.setTimer(access.settings().timeout().toMillis(), _ -> answer.tryFail(unreachable()));
        return answer.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    @Override
    public Future<Void> close() {
        if (!isClosing) {
            isClosing = true;
            if (line == null) {
                closed.complete();
            } else {
                line.stop();
            }
        }
        return closed.future();
    }

    private Failed unreachable() {
        String where = new KafkaErrors(access.channel()).addresses();
        return new Failed(new Failure.Unreachable(where, "no answer in time"));
    }

    private KafkaLine line() {
        if (line == null) {
            line = KafkaLine.start(access, loop, lines);
            meters.producers().up();
        }
        return line;
    }

    private void sayIfThereIsRoom() {
        if (isFull && room() > 0) {
            ready.run();
        }
    }

    private final class Lines implements KafkaLine.Settling {
        @Override
        public void settled(KafkaRecord kafkaRecord, Fate fate) {
            records--;
            bytes -= kafkaRecord.bytes();
            meters.records().down();
            kafkaRecord.fate().complete(fate);
            sayIfThereIsRoom();
        }

        @Override
        public void over(KafkaLine ended) {
            line = null;
            meters.producers().down();
            if (isClosing) {
                closed.complete();
            }
            sayIfThereIsRoom();
        }
    }
}
