// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Deadlines;
import dev.downlink.model.DeviceId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections of which it could not be read what is wanted of their devices: read again after a pause, which doubles each time
 * up to the longest, and then given up until the next report or connect. Belongs to one verticle instance.
 */
final class Rereads {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rereads.class);
    /** A connection that is one too many is left to its next report or connect. */
    private static final int MAX_WAITING = 10_000;

    private final Deadlines deadlines;
    private final Pushes.Pace pace;
    private final Map<DeviceId, Waiting> waiting = new HashMap<>();

    Rereads(Deadlines deadlines, Pushes.Pace pace) {
        this.deadlines = deadlines;
        this.pace = pace;
    }

    /** Reads, and again later if that fails. What waited for this connection is over with it. */
    <T> Future<T> read(DeviceId connection, Function<DeviceId, Future<T>> read) {
        Waiting before = waiting.remove(connection);
        if (before != null) {
            deadlines.remove(before);
        }
        return read.apply(connection).onFailure(_ -> again(connection, read, 1));
    }

    private void again(DeviceId connection, Function<DeviceId, ? extends Future<?>> read, int times) {
        boolean givenUp = pace.after(times).equals(pace.longest());
        if (givenUp || waiting.size() >= MAX_WAITING || waiting.containsKey(connection)) {
            LOGGER.debug("device={} is not told what is wanted of it before its next report", connection);
            return;
        }
        Waiting entry = new Waiting(connection, read, times);
        waiting.put(connection, entry);
        deadlines.add(entry, deadlines.now(), pace.after(times));
    }

    private final class Waiting extends Deadlines.Entry {
        private final DeviceId connection;
        private final Function<DeviceId, ? extends Future<?>> read;
        private final int times;

        Waiting(DeviceId connection, Function<DeviceId, ? extends Future<?>> read, int times) {
            this.connection = connection;
            this.read = read;
            this.times = times;
        }

        @Override
        protected void expired() {
            waiting.remove(connection);
            read.apply(connection).onFailure(_ -> again(connection, read, times + 1));
        }
    }
}
