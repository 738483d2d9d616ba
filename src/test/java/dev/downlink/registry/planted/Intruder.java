// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry.planted;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.sqlclient.Pool;

/** Breaks the rules of a room, for {@code ArchitectureTest} to see. */
public abstract class Intruder {
    abstract Pool pool();

    EventBus pastTheBus(Vertx vertx) throws InterruptedException {
        Thread.sleep(1);
        return vertx.eventBus();
    }

    Class<?> nextRoom() {
        return dev.downlink.correlator.CorrelatorVerticle.class;
    }
}
