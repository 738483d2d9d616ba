// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.model.Subscription;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of sessions and nodes: who holds which device. The same row is the device's status that the API shows.
 * Reads and writes of sessions go in batches.
 */
public sealed interface SessionRows<R extends Record> extends RepositoryRequest<R> {

    /** After so long without a sign of life nobody knows what became of a node and of the connections it held. */
    Duration SILENCE = Duration.ofSeconds(10);

    /**
     * A device connected: its epoch grows by one and this holder takes it over.
     *
     * @param cleanStart forget the subscriptions that were kept
     * @param keepSeconds how long to keep subscriptions after the connection ends; 0 not at all
     */
    record OpenSession(DeviceId device, int node, String address, boolean cleanStart, long keepSeconds)
            implements SessionRows<Opened> {
        /** Longer than a database may stall: who no longer waits does not learn that it holds the device. */
        @Override
        public Duration patience() {
            return Duration.ofSeconds(60);
        }
    }

    /** A connection ended; nothing happens when a later one has taken over. */
    record CloseSession(DeviceId device, long epoch) implements SessionRows<Done> {}

    /** Keeps what a connection subscribed to, unless a later one has taken over. */
    record SaveSubscriptions(DeviceId device, long epoch, List<Subscription> subscriptions)
            implements SessionRows<Done> {}

    record SelectPresence(DeviceId device) implements SessionRows<Whereabouts> {}

    /** A sign of life of a node. */
    record Beat(int node, String name) implements SessionRows<Beaten> {}

    /**
     * Takes nodes for dead that gave no sign of life for so long, or that have the given name but another number (an
     * earlier life of a node), and ends their sessions.
     */
    record ReapNodes(int self, String name, Duration silence) implements SessionRows<Reaped> {}

    /** Ends sessions of nodes that are not in the table of nodes, however that came about. Reads all sessions. */
    record EndOrphans() implements SessionRows<Reaped> {}

    /** Takes one node for dead if it gave no sign of life for so long, and ends its sessions. */
    record ReapNode(int node, Duration silence) implements SessionRows<Reaped> {}

    /** A node stops in good order: ends what sessions it still has. */
    record ForgetNode(int node) implements SessionRows<Reaped> {}

    /**
     * Tells rules that devices are off line which went so long ago that they have to hear of it; at most {@code limit} at a
     * time.
     */
    record TellAbsent(int limit) implements SessionRows<ToldAbsent> {}

    /**
     * @param previous who held the device until now
     * @param subscriptions what the device's earlier connection left behind
     * @param present whether something was left behind: CONNACK's session present
     */
    record Opened(long epoch, Presence.@Nullable Holder previous, List<Subscription> subscriptions, boolean present) {}

    /** Absent for a device that has never been connected. */
    record Whereabouts(@Nullable Presence presence) {}

    /** @param first whether the node was not known: it is new, or was taken for dead */
    record Beaten(boolean first) {}

    record Reaped(int nodes, int sessions) {}

    /** @param more whether others may be due */
    record ToldAbsent(int devices, boolean more) {}
}
