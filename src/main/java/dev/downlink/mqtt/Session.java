// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.model.Subscription;
import dev.downlink.model.Topics;
import dev.downlink.protocol.Notice;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a connection has once its device is let in. Belongs to that connection. */
final class Session {
    private final DeviceId device;
    private final long epoch;
    private final boolean kept;
    private final long maxPacket;
    private final Subscriptions subscriptions;
    /** Of system topics that the device did not subscribe; -1: it does not receive them. */
    private final int implicitQos;

    private final Allowance allowance;
    /** Null after the product was changed, until it is needed again. */
    private @Nullable Product product;

    private final Instant opened;
    /** What most devices never need. */
    private @Nullable EventLine eventLine;

    private @Nullable ChildNews news;

    Session(
            Connect connect,
            Product product,
            DeviceId device,
            long epoch,
            List<Subscription> left,
            Instant opened,
            Settings.Mqtt settings) {
        this.device = device;
        this.epoch = epoch;
        this.product = product;
        this.opened = opened;
        kept = connect.keepSeconds() > 0;
        maxPacket = connect.maxPacket();
        subscriptions = new Subscriptions(left);
        implicitQos = settings.implicitSubscriptions() ? settings.implicitQos() : -1;
        allowance = new Allowance(settings.maxUplinkRate(), settings.maxUplinkBytes());
    }

    DeviceId device() {
        return device;
    }

    long epoch() {
        return epoch;
    }

    /** Whether subscriptions outlive the connection. */
    boolean isKept() {
        return kept;
    }

    /** Largest packet that the device takes, in bytes. */
    long maxPacket() {
        return maxPacket;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /**
     * With which QoS the device receives a topic, -1 when it does not: a subscription of its own decides, else the setting
     * for topics that need none (southbound §3.2).
     */
    int qosOf(String topic) {
        int subscribed = subscriptions.qosOf(topic);
        return subscribed < 0 && Topics.isImplicit(device, topic) ? implicitQos : subscribed;
    }

    /** The same of a topic of which it is known that it needs no subscription. */
    int qosOfCall(String topic) {
        int subscribed = subscriptions.qosOf(topic);
        return subscribed < 0 ? implicitQos : subscribed;
    }

    Instant opened() {
        return opened;
    }

    EventLine eventLine() {
        if (eventLine == null) {
            eventLine = new EventLine();
        }
        return eventLine;
    }

    /** What its device, a gateway, is told of its sub-devices. */
    ChildNews news(Supplier<ChildNews> begin) {
        if (news == null) {
            news = begin.get();
        }
        return news;
    }

    Allowance allowance() {
        return allowance;
    }

    @Nullable
    Product product() {
        return product;
    }

    void forget(Notice.ProductChanged notice) {
        if (product != null
                && product.project().equals(notice.project())
                && product.id().equals(notice.product())) {
            product = null;
        }
    }

    void product(Product known) {
        product = known;
    }
}
