// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.time.Duration;

/**
 * Where a node's event bus listens for other nodes.
 *
 * @param bind address to listen on
 * @param reached address that the other nodes are told
 * @param port 0 takes a free one
 */
public record BusNetwork(String bind, String reached, int port) {
    /** A node that is silent for the sum of both is taken for unreachable, and what is sent to it fails. */
    private static final Duration PING = Duration.ofSeconds(5);

    public VertxOptions in(VertxOptions options) {
        EventBusOptions bus = new EventBusOptions()
                .setHost(bind)
                .setPort(port)
                .setClusterPublicHost(reached)
                .setClusterPingInterval(PING.toMillis())
                .setClusterPingReplyInterval(PING.toMillis());
        return options.setEventBusOptions(bus);
    }
}
