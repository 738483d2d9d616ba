// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

/**
 * Where a room listens. A room's own address is local to its node; an instance's address is known in the whole cluster.
 *
 * @param value the address on the Vert.x event bus
 * @param clustered whether other nodes may send to it
 */
public record Address(String value, boolean clustered) {
    public static final Address REGISTRY = local("registry");
    public static final Address REPOSITORY = local("repository");
    public static final Address CORRELATOR = local("correlator");
    public static final Address DELIVERY = local("delivery");
    public static final Address UPLINK = local("uplink");
    public static final Address SHADOW = local("shadow");
    public static final Address PUSH = local("push");
    /** Any MQTT adapter instance of this node: to learn whether there is one. */
    public static final Address MQTT = local("mqtt");

    /** One correlator instance: a {@link dev.downlink.model.RequestId} names node and instance. */
    public static Address correlator(int node, int instance) {
        return new Address("correlator/" + Integer.toHexString(node) + '/' + instance, true);
    }

    /** One delivery instance: where the end of a message is told that an application waits for. */
    public static Address delivery(int node, int instance) {
        return new Address("delivery/" + Integer.toHexString(node) + '/' + instance, true);
    }

    /** One MQTT adapter instance: what the session table stores as a connection's holder. */
    public static Address mqtt(int node, int instance) {
        return new Address("mqtt/" + Integer.toHexString(node) + '/' + instance, true);
    }

    /** An address read from the session table. */
    public static Address holder(String stored) {
        return new Address(stored, true);
    }

    /** The room that answers requests of this kind; adapters have none, they are asked by instance. */
    public static Address of(Request<?> request) {
        return switch (request) {
            case RegistryRequest<?> _ -> REGISTRY;
            case RepositoryRequest<?> _ -> REPOSITORY;
            case CorrelatorRequest<?> _ -> CORRELATOR;
            case DeliveryRequest<?> _ -> DELIVERY;
            case UplinkRequest<?> _ -> UPLINK;
            case ShadowRequest<?> _ -> SHADOW;
            case PushRequest<?> _ -> PUSH;
            case AdapterRequest<?> q ->
                throw new IllegalArgumentException(q.getClass() + " needs an instance's address");
        };
    }

    private static Address local(String room) {
        return new Address(room, false);
    }
}
