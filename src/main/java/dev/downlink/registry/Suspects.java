// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that left the cluster and may be dead. They are looked at twice per heartbeat and given up after two missed ones; one
 * that goes on showing itself in the database is only out of reach and keeps its sessions. Belongs to one thread.
 */
final class Suspects {
    private static final Logger LOGGER = LoggerFactory.getLogger(Suspects.class);

    private final Vertx vertx;
    private final Duration pause;
    private final Duration silence;
    private final int tries;
    private final BiFunction<Integer, Duration, Future<Boolean>> reap;
    private final Map<Integer, Integer> tried = new HashMap<>();
    private boolean stopped;

    /** @param reap takes a node for dead if it is silent for that long, and says whether it did */
    Suspects(Vertx vertx, Upkeep.Pace pace, BiFunction<Integer, Duration, Future<Boolean>> reap) {
        this.vertx = vertx;
        this.pause = pace.beat().dividedBy(2);
        this.silence = pace.beat().multipliedBy(2);
        this.tries = 2 + (int) silence.dividedBy(pause);
        this.reap = reap;
    }

    void add(int node) {
        if (tried.putIfAbsent(node, 0) == null) {
            look(node);
        }
    }

    void stop() {
        stopped = true;
    }

    private void look(int node) {
        reap.apply(node, silence)
                .otherwise(e -> {
                    LOGGER.debug("a node that left is not looked at error={}", e.getMessage());
                    return false;
                })
                .onSuccess(dead -> looked(node, dead));
    }

    private void looked(int node, boolean dead) {
        if (stopped || dead || tried.merge(node, 1, Integer::sum) >= tries) {
            tried.remove(node);
        } else {
            vertx.setTimer(pause.toMillis(), _ -> look(node));
        }
    }
}
