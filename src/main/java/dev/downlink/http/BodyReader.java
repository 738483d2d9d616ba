// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Deadlines;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies up to a limit of bytes and of time, chunked ones too. Belongs to one verticle instance, whose coarse
 * {@link #sweep} ends bodies that do not arrive, so that no timer is needed per request.
 */
final class BodyReader {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of all bodies that are being read, in bytes: whoever sends slowly is not to fill the memory. */
    static final long MAX_HELD = 64L << 20;

    private final InstantSource clock;
    private final Deadlines running;
    /** Time of the last sweep, in nanoseconds: a body that comes between two may have that much less time. */
    private long swept;

    private long held;

    BodyReader(InstantSource clock) {
        this.clock = clock;
        swept = nanos();
        running = new Deadlines(() -> swept);
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    /**
     * Reads the body of a request that may be paused. Fails with {@link Failure.TooLarge}, at once when Content-Length says so, with
     * {@link Failure.Unreadable} when the body is compressed, cut off or takes longer than {@link #PATIENCE}, or with
     * {@link Failure.Busy} when too much is being read already.
     */
    Future<BodyBytes> read(HttpServerRequest request, int limit) {
        @Nullable String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return failed(
                    new Failure.Unreadable("Content-Encoding", "must be identity, compressed bodies are not read"));
        }
        if (announced(request) > limit) {
            return failed(new Failure.TooLarge(limit));
        }
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue().onFailure(_ -> {});
        }
        Reading reading = new Reading(request, limit);
        Future<BodyBytes> whole = reading.begin();
        if (whole.isComplete()) {
            held -= reading.received;
            return whole;
        }
        running.add(reading, running.now(), PATIENCE);
        return whole.onComplete(_ -> {
            running.remove(reading);
            held -= reading.received;
        });
    }

    /** Ends the bodies whose time is up. */
    void sweep() {
        swept = nanos();
        running.expire();
    }

    private static long announced(HttpServerRequest request) {
        @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static <T> Future<T> failed(Failure failure) {
        return Future.failedFuture(new Failed(failure));
    }

    private final class Reading extends Deadlines.Entry {
        private static final byte[] NOTHING = {};

        private final HttpServerRequest request;
        private final int limit;
        private final Promise<BodyBytes> whole = Promise.promise();
        private @Nullable Buffer sofar;
        private long received;

        Reading(HttpServerRequest request, int limit) {
            this.request = request;
            this.limit = limit;
        }

        Future<BodyBytes> begin() {
            request.handler(this::append);
            request.endHandler(_ -> whole.tryComplete(new BodyBytes(sofar == null ? NOTHING : sofar.getBytes())));
            request.exceptionHandler(_ -> fail(new Failure.Unreadable("body", "was cut off or is chunked wrongly")));
            request.resume();
            return whole.future();
        }

        private void append(Buffer chunk) {
            if (whole.future().isComplete()) {
                return;
            }
            received += chunk.length();
            held += chunk.length();
            if (received > limit) {
                fail(new Failure.TooLarge(limit));
            } else if (held > MAX_HELD) {
                fail(new Failure.Busy("http"));
            } else if (sofar == null) {
                // Vert.x gives a buffer away for good
                sofar = chunk;
            } else {
                sofar.appendBuffer(chunk);
            }
        }

        @Override
        protected void expired() {
            fail(new Failure.Unreadable("body", "did not arrive within " + PATIENCE.toSeconds() + " s"));
        }

        void fail(Failure failure) {
            request.pause();
            sofar = null;
            whole.tryFail(new Failed(failure));
        }
    }
}
