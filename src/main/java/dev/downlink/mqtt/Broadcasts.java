// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.Product;
import dev.downlink.protocol.Notice.BroadcastSent;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts (southbound §2.9): one copy to each connected device of the project and space that subscribed the topic, sent
 * once. One broadcast after the other, some devices at a time, so that others are served meanwhile. Belongs to one verticle
 * instance.
 */
final class Broadcasts {
    private static final Logger LOGGER = LoggerFactory.getLogger(Broadcasts.class);
    private static final int MAX_WAITING = 100;
    private static final int AT_A_TIME = 500;

    private final Vertx vertx;
    private final Adapter adapter;
    private final Queue<BroadcastSent> waiting = new ArrayDeque<>();
    private boolean busy;

    /** What became of the copy for a device. */
    enum Copy {
        SENT,
        /** The device does not take more at the moment. */
        CONGESTED
    }

    Broadcasts(Vertx vertx, Adapter adapter) {
        this.vertx = vertx;
        this.adapter = adapter;
    }

    void send(BroadcastSent broadcast) {
        if (waiting.size() >= MAX_WAITING) {
            LOGGER.warn("broadcast to topic={} is not sent, too many wait", Filters.printable(broadcast.topic()));
            return;
        }
        waiting.add(broadcast);
        if (!busy) {
            busy = true;
            next();
        }
    }

    private void next() {
        BroadcastSent broadcast = waiting.poll();
        if (broadcast == null) {
            busy = false;
            return;
        }
        byte[] payload = Base64.getDecoder().decode(broadcast.payload());
        Iterator<DeviceConnection> connections =
                List.copyOf(adapter.connections().open()).iterator();
        turn(broadcast, payload, connections);
    }

    private void turn(BroadcastSent broadcast, byte[] payload, Iterator<DeviceConnection> connections) {
        for (int i = 0; i < AT_A_TIME && connections.hasNext(); i++) {
            offer(broadcast, payload, connections.next());
        }
        vertx.runOnContext(_ -> {
            if (connections.hasNext()) {
                turn(broadcast, payload, connections);
            } else {
                next();
            }
        });
    }

    private void offer(BroadcastSent broadcast, byte[] payload, DeviceConnection connection) {
        if (connection.isClosed() || subscribed(connection, broadcast) < 0) {
            return;
        }
        adapter.products().withProduct(connection, product -> {
            if (!connection.isClosed()
                    && product.filter(p -> isMeant(broadcast, p)).isPresent()) {
                send(broadcast, payload, connection);
            }
        });
    }

    private void send(BroadcastSent broadcast, byte[] payload, DeviceConnection connection) {
        int qos = subscribed(connection, broadcast);
        if (qos >= 0) {
            boolean sent = connection.outgoing().publishCopy(broadcast.topic(), qos, payload);
            adapter.meters().broadcasts().count(sent ? Copy.SENT : Copy.CONGESTED);
        }
    }

    private static int subscribed(DeviceConnection connection, BroadcastSent broadcast) {
        return connection.session().subscriptions().qosOf(broadcast.topic());
    }

    private static boolean isMeant(BroadcastSent broadcast, Product product) {
        return product.project().equals(broadcast.project()) && product.space().equals(broadcast.space());
    }
}
