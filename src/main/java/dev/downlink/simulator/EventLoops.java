// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Event loops to work on, for those who are on none. */
public final class EventLoops {
    private EventLoops() {}

    /** Contexts on as many event loops, as long as there are so many. */
    public static Future<List<Context>> take(Vertx vertx, int count) {
        List<Future<Context>> taken =
                IntStream.range(0, count).mapToObj(_ -> one(vertx)).toList();
        return Future.all(taken).map(_ -> taken.stream().map(Future::result).toList());
    }

    private static Future<Context> one(Vertx vertx) {
        Place place = new Place();
        return vertx.deployVerticle(place).compose(_ -> place.found.future());
    }

    /** Does work on a context and tells from there how it ended; what the work throws is a failure. */
    public static <T> Future<T> on(Context context, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(
                _ -> Future.succeededFuture().compose(_ -> work.get()).onComplete(done));
        return done.future();
    }

    private static final class Place extends VerticleBase {
        private final Promise<Context> found = Promise.promise();

        @Override
        public Future<?> start() {
            found.complete(context);
            return Future.succeededFuture();
        }
    }
}
