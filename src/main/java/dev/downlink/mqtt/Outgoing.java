// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.RequestId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a connection publishes: packet ids, the window of what is not acknowledged, and what waits for room in it. Calls
 * go before messages. Belongs to one connection whose device is in.
 */
final class Outgoing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Outgoing.class);

    private final Wire wire;
    private final Session session;
    private final Adapter adapter;
    private final Inflight inflight;
    private final Backlog backlog;
    private final Courier courier;

    Outgoing(Wire wire, Session session, Adapter adapter, Connect connect) {
        this.wire = wire;
        this.session = session;
        this.adapter = adapter;
        inflight = new Inflight(Math.min(adapter.settings().maxInflight(), connect.receiveMaximum()));
        backlog = new Backlog(adapter.settings().maxWaiting());
        courier = new Courier(this, session, adapter, connect.isMqtt5());
    }

    Courier courier() {
        return courier;
    }

    // calls

    /**
     * Publishes a call, or lets it wait a little when the window is full; the future tells when it is written.
     *
     * @throws Failed with {@link Failure.DeviceCongested} when the device does not take more at the moment, or
     *     {@link Failure.TooLarge} when it takes no packet of that size
     */
    Future<Void> publish(String topic, int qos, byte[] payload, RequestId request) {
        return publish(topic, qos, payload, new Inflight.Call(request));
    }

    /** The same with an event, of which nobody asks how far it has come. */
    Future<Void> publish(String topic, int qos, byte[] payload) {
        return publish(topic, qos, payload, new Inflight.Copy());
    }

    private Future<Void> publish(String topic, int qos, byte[] payload, Inflight.Content content) {
        long size = Packets.publishSize(topic, payload);
        if (size > session.maxPacket()) {
            throw new Failed(new Failure.TooLarge((int) session.maxPacket()));
        }
        boolean waits = qos > 0 && (inflight.isFull() || !backlog.isEmpty());
        if (!wire.hasRoom(size + backlog.bytes()) || (waits && backlog.isFull())) {
            throw new Failed(new Failure.DeviceCongested(session.device()));
        }
        if (waits) {
            return backlog.add(topic, payload, content, now());
        }
        write(topic, qos, payload, content);
        return Future.succeededFuture();
    }

    /** Whether a call is not acknowledged. */
    boolean isInFlight(RequestId request) {
        return inflight.has(request);
    }

    private void write(String topic, int qos, byte[] payload, Inflight.Content content) {
        count(payload.length);
        int packetId = qos > 0 ? inflight.take(content, now()) : 0;
        wire.write(Packets.publish(topic, qos, packetId, payload));
    }

    private void count(int bytes) {
        adapter.meters().published().one();
        adapter.meters().publishedBytes().add(bytes);
    }

    // broadcasts

    /** Sends a copy of a broadcast, or a shadow, once; false when the device does not take more at the moment. */
    boolean publishCopy(String topic, int qos, byte[] payload) {
        long size = Packets.publishSize(topic, payload);
        boolean full = qos > 0 && (inflight.isFull() || !backlog.isEmpty());
        if (full || size > session.maxPacket() || !wire.hasRoom(size + backlog.bytes())) {
            return false;
        }
        write(topic, qos, payload, new Inflight.Copy());
        return true;
    }

    // messages

    /** How many messages may be under way. */
    int maxLetters() {
        return inflight.maxLetters();
    }

    /** Whether there is room for a message. */
    boolean takes(long size, int qos) {
        boolean window = qos == 0 || (inflight.takesLetter() && backlog.isEmpty());
        return window && wire.hasRoom(size + backlog.bytes());
    }

    /** Publishes a message; there must be room. */
    void publish(MessagePacket packet, int qos, Letter letter) {
        count(packet.payload().length);
        int packetId = qos > 0 ? inflight.take(letter, now()) : 0;
        letter.sent(packetId, packet.payload().length, now());
        wire.write(packet.publish(qos, packetId, false));
    }

    /** Publishes a message once more with its packet id; false when there is no room. */
    boolean publishAgain(MessagePacket packet, Letter letter) {
        if (!wire.hasRoom(packet.size() + backlog.bytes())) {
            return false;
        }
        count(packet.payload().length);
        wire.write(packet.publish(1, letter.packetId(), true));
        return true;
    }

    List<Letter> lettersInFlight() {
        return inflight.letters();
    }

    // acknowledgements and time

    /** @param reason as in PUBACK; 0 with MQTT 3 */
    void acknowledged(int packetId, int reason) {
        Optional<Inflight.Content> known = inflight.acknowledged(packetId);
        drainCalls();
        known.ifPresent(content -> acknowledged(content, reason));
        courier.deliver();
    }

    private void acknowledged(Inflight.Content content, int reason) {
        if (reason >= 0x80 && adapter.logs().permits()) {
            LOGGER.info("device={} refused a PUBLISH with reason 0x{}", session.device(), Integer.toHexString(reason));
        }
        switch (content) {
            case Letter letter -> courier.acknowledged(letter, reason);
            case Inflight.Call _, Inflight.Copy _ -> LOGGER.trace("device={} acknowledged", session.device());
        }
    }

    private void drainCalls() {
        while (!inflight.isFull()) {
            Optional<Backlog.Entry> next = backlog.poll();
            if (next.isEmpty()) {
                return;
            }
            write(next.get().topic, 1, next.get().payload, next.get().content);
            next.get().published();
        }
    }

    /** Gives up calls that have waited too long for a device that does not acknowledge, and looks after the messages. */
    void sweep(int now) {
        if (!backlog.isEmpty()) {
            backlog.expire(now, new Failure.DeviceCongested(session.device()));
        }
        courier.sweep(now);
    }

    /** Whether the window is full of what the device will not acknowledge any more. */
    boolean isStuck(int now) {
        return inflight.isStuck(now);
    }

    /** The connection is gone; completes when it is known what became of the messages. */
    Future<Void> end() {
        backlog.fail(new Failure.NotHere(session.device()));
        return courier.end();
    }

    private int now() {
        return adapter.connections().seconds();
    }
}
