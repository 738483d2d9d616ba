// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.model.Subscription;
import dev.downlink.model.Topics;
import dev.downlink.protocol.SessionRows.SaveSubscriptions;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodes.SubAck;
import io.netty.handler.codec.mqtt.MqttReasonCodes.UnsubAck;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SUBSCRIBE and UNSUBSCRIBE (southbound §3.3). What a session keeps is written before it is acknowledged. Belongs to one
 * verticle instance.
 */
final class Subscribing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Subscribing.class);
    private static final int REFUSED_BY_MQTT_3 = 0x80;

    private final Adapter adapter;

    Subscribing(Adapter adapter) {
        this.adapter = adapter;
    }

    void subscribe(DeviceConnection connection, Session session, MqttSubscribeMessage packet) {
        MqttProperties properties = packet.idAndPropertiesVariableHeader().properties();
        List<MqttTopicSubscription> asked = packet.payload().topicSubscriptions();
        if (properties.getProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER) != null) {
            connection.misbehaved(Closing.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
        } else if (asked.isEmpty()) {
            connection.misbehaved(Closing.PROTOCOL_ERROR);
        } else if (asked.size() > adapter.settings().maxSubscriptions()) {
            connection.misbehaved(Closing.QUOTA_EXCEEDED);
        } else {
            int packetId = packet.variableHeader().messageId();
            adapter.products().withProduct(connection, product -> {
                if (product.isEmpty()
                        && asked.stream().anyMatch(one -> isCustom(session.device(), one.topicFilter()))) {
                    // most devices take no notice of a refused filter, but come again when the connection ends
                    connection.misbehaved(Closing.SERVER_BUSY);
                } else {
                    grant(connection, session, packetId, asked, product);
                }
            });
        }
    }

    private void grant(
            DeviceConnection connection,
            Session session,
            int packetId,
            List<MqttTopicSubscription> asked,
            Optional<Product> product) {
        List<Integer> codes = new ArrayList<>(asked.size());
        for (MqttTopicSubscription one : asked) {
            SubAck outcome = outcome(session, one.topicFilter(), product);
            if (outcome == SubAck.GRANTED_QOS_0) {
                int qos = Math.min(1, one.qualityOfService().value());
                session.subscriptions().put(new Subscription(one.topicFilter(), qos));
                codes.add(qos);
            } else {
                logRefused(session.device(), one.topicFilter(), outcome);
                codes.add(connection.isMqtt5() ? Byte.toUnsignedInt(outcome.byteValue()) : REFUSED_BY_MQTT_3);
            }
        }
        boolean granted = codes.stream().anyMatch(code -> code < REFUSED_BY_MQTT_3);
        boolean broadcast = asked.stream().anyMatch(one -> Topics.isBroadcast(one.topicFilter()));
        save(connection, session, broadcast, Packets.subAck(packetId, codes)).onComplete(_ -> {
            if (granted) {
                connection.courier().subscribed();
            }
        });
    }

    /** GRANTED_QOS_0 for any filter that may be subscribed. */
    private SubAck outcome(Session session, String filter, Optional<Product> product) {
        if (Filters.isShared(filter)) {
            return SubAck.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (!Filters.isValid(filter)) {
            return SubAck.TOPIC_FILTER_INVALID;
        }
        if (!Topics.maySubscribe(session.device(), filter) || !isOffered(session.device(), filter, product)) {
            return SubAck.NOT_AUTHORIZED;
        }
        boolean full = session.subscriptions().size() >= adapter.settings().maxSubscriptions();
        return full && !session.subscriptions().has(filter) ? SubAck.QUOTA_EXCEEDED : SubAck.GRANTED_QOS_0;
    }

    /** A custom topic must be in the product; with wildcards it means those that are. */
    private static boolean isOffered(DeviceId device, String filter, Optional<Product> product) {
        if (!isCustom(device, filter)) {
            return true;
        }
        String prefix = Topics.custom(device, "");
        return product.flatMap(p -> p.topic(filter.substring(prefix.length())))
                .map(CustomTopic::operation)
                .filter(CustomTopic.Operation::allowsSubscribe)
                .isPresent();
    }

    private static boolean isCustom(DeviceId device, String filter) {
        return filter.startsWith(Topics.custom(device, "")) && !Filters.hasWildcard(filter);
    }

    private void logRefused(DeviceId device, String filter, SubAck why) {
        if (adapter.logs().permits()) {
            LOGGER.warn("device={} may not subscribe filter={} reason={}", device, Filters.printable(filter), why);
        }
    }

    private void logNotKept(DeviceId device, Throwable e) {
        if (adapter.logs().permits()) {
            LOGGER.warn("device={} subscriptions hold for this connection only, error={}", device, e.getMessage());
        }
    }

    void unsubscribe(DeviceConnection connection, Session session, MqttUnsubscribeMessage packet) {
        List<String> filters = packet.payload().topics();
        if (filters.isEmpty()) {
            connection.misbehaved(Closing.PROTOCOL_ERROR);
            return;
        }
        if (filters.size() > adapter.settings().maxSubscriptions()) {
            connection.misbehaved(Closing.QUOTA_EXCEEDED);
            return;
        }
        List<Short> codes = new ArrayList<>(filters.size());
        for (String filter : filters) {
            boolean removed = session.subscriptions().remove(filter);
            UnsubAck code = removed ? UnsubAck.SUCCESS : UnsubAck.NO_SUBSCRIPTION_EXISTED;
            codes.add((short) Byte.toUnsignedInt(code.byteValue()));
        }
        boolean broadcast = filters.stream().anyMatch(Topics::isBroadcast);
        Future<?> _ = save(
                connection,
                session,
                broadcast,
                Packets.unsubAck(packet.variableHeader().messageId(), codes));
    }

    /** The next connection of the device is to find no subscriptions. */
    void forget(Session session) {
        adapter.bus()
                .ask(new SaveSubscriptions(session.device(), session.epoch(), List.of()))
                .onFailure(e -> LOGGER.debug(
                        "device={} subscriptions are not forgotten, error={}", session.device(), e.getMessage()));
    }

    /**
     * Reads nothing more from the device meanwhile, so that a later change cannot be overtaken by an earlier one.
     *
     * @param broadcast whether broadcasts are meant: those that wait for their subscribers find them in the session table,
     *     also subscribers whose sessions are not kept
     */
    private Future<?> save(
            DeviceConnection connection, Session session, boolean broadcast, MqttMessage acknowledgement) {
        if (!session.isKept() && !broadcast) {
            connection.send(acknowledgement);
            return Future.succeededFuture();
        }
        connection.pause();
        List<Subscription> all = session.subscriptions().all().stream()
                .filter(one -> session.isKept() || Topics.isBroadcast(one.filter()))
                .toList();
        return adapter.bus()
                .ask(new SaveSubscriptions(session.device(), session.epoch(), all))
                .onFailure(e -> logNotKept(session.device(), e))
                .onComplete(_ -> {
                    connection.send(acknowledgement);
                    connection.resume();
                });
    }
}
