// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.ClientId;
import dev.downlink.bus.Incidents;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.ConnectionOpened;
import dev.downlink.telemetry.Level;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT connection, from the first byte to the last. Belongs to the event loop of its verticle instance, and nobody else
 * writes to the socket.
 *
 * <pre>
 * AWAITING_CONNECT → LOGGING_IN → OPEN → CLOSED      (each may also go straight to CLOSED)
 * </pre>
 *
 * While the device is logged in, its socket is not read: what it pipelines behind CONNECT waits in the kernel.
 */
final class DeviceConnection {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeviceConnection.class);
    /** Before the login nobody needs more memory than this: a CONNECT with a small will. */
    private static final int MAX_CONNECT = 16 * 1024;
    /** How long a closed socket may take to send its last bytes. */
    private static final int LINGER_SECONDS = 5;

    private final NetSocketInternal socket;
    private final Wire wire;
    private final Adapter adapter;
    private final Uplinks uplinks;
    private final Subscribing subscribing;
    private State state = State.AWAITING_CONNECT;
    /** Second of the last packet, of the accept before the first, of the close after the last. */
    private int lastHeard;
    /** In seconds without a packet; 0 means for ever. */
    private int patience;
    /** How many reasons there are not to read the socket. */
    private int pauses;

    private boolean mqtt5;
    private boolean seated;
    private @Nullable Session session;
    private @Nullable Outgoing outgoing;
    private @Nullable Receipts receipts;
    /** Where it is counted while it is open. */
    private @Nullable Level counted;

    private enum State {
        AWAITING_CONNECT,
        LOGGING_IN,
        OPEN,
        CLOSED
    }

    DeviceConnection(NetSocketInternal socket, Adapter adapter, Uplinks uplinks, Subscribing subscribing) {
        this.socket = socket;
        wire = new Wire(socket, adapter.settings().maxUnwritten());
        this.adapter = adapter;
        this.uplinks = uplinks;
        this.subscribing = subscribing;
        lastHeard = adapter.connections().seconds();
    }

    /** Begins to listen; the socket's seat among the sockets is given back when it closes. */
    void start() {
        int maxPacket = adapter.settings().maxPacket();
        wire.decode(Math.min(MAX_CONNECT, maxPacket), maxPacket);
        socket.messageHandler(this::handle);
        socket.exceptionHandler(e -> LOGGER.debug("{}: {}", this, e.getMessage()));
        socket.closeHandler(_ -> gone());
        adapter.connections().add(this);
    }

    // what arrives

    private void handle(Object message) {
        try {
            if (message instanceof MqttMessage packet) {
                receive(packet);
            }
        } catch (RuntimeException e) {
            Failure.Internal incident = Incidents.failure(e, "MQTT packet");
            LOGGER.warn("device={} address={} closed incident={}", device(), address(), incident.incident());
            close(Closing.PROTOCOL_ERROR);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void receive(MqttMessage packet) {
        switch (state) {
            case AWAITING_CONNECT -> first(packet);
            case OPEN -> next(packet);
            case LOGGING_IN, CLOSED -> LOGGER.trace("{}: packet dropped", this);
        }
    }

    private void first(MqttMessage packet) {
        if (packet.decoderResult().isFailure()) {
            switch (packet.decoderResult().cause()) {
                case MqttUnacceptableProtocolVersionException _ -> refuse(Refusal.VERSION);
                case MqttIdentifierRejectedException _ -> refuse(Refusal.CLIENT_ID);
                default -> misbehaved(Closing.MALFORMED_PACKET);
            }
        } else if (packet instanceof MqttConnectMessage connect) {
            connect(new Connect(connect));
        } else {
            misbehaved(Closing.PROTOCOL_ERROR);
        }
    }

    private void connect(Connect connect) {
        mqtt5 = connect.isMqtt5();
        if (connect.breaksProtocol()) {
            misbehaved(Closing.PROTOCOL_ERROR);
            return;
        }
        state = State.LOGGING_IN;
        lastHeard = adapter.connections().seconds();
        pause();
        wire.accept(adapter.settings().maxPacket());
        seated = adapter.seats().takeSeat();
        if (seated) {
            new Opening(this, connect, adapter).start();
        } else {
            refuse(connect, Refusal.NODE_FULL);
        }
    }

    private void next(MqttMessage packet) {
        Session open = session();
        lastHeard = adapter.connections().seconds();
        if (packet.decoderResult().isFailure()) {
            misbehaved(Closing.of(packet));
            return;
        }
        MqttMessageType type = packet.fixedHeader().messageType();
        if (type != MqttMessageType.PUBLISH) {
            throttle(open, packet.fixedHeader().remainingLength());
        }
        switch (type) {
            case PUBLISH -> uplinks.receive(this, open, (MqttPublishMessage) packet);
            case PUBACK -> acknowledged((MqttPubReplyMessageVariableHeader) packet.variableHeader());
            case SUBSCRIBE -> subscribing.subscribe(this, open, (MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> subscribing.unsubscribe(this, open, (MqttUnsubscribeMessage) packet);
            case PINGREQ -> send(MqttMessage.PINGRESP);
            case DISCONNECT -> goodbye(open, packet);
            default -> misbehaved(Closing.PROTOCOL_ERROR);
        }
    }

    /** MQTT 5 lets a device say in the end that nothing is to be kept. */
    private void goodbye(Session open, MqttMessage packet) {
        if (open.isKept() && Packets.endsSession(packet)) {
            subscribing.forget(open);
        }
        end(true);
    }

    private void throttle(Session open, int size) {
        if (open.allowance().isSpentByOther(lastHeard, size)) {
            LOGGER.debug("{} sends too many packets and is not read until the next second", this);
            adapter.connections().throttle(this);
        }
    }

    private void acknowledged(MqttPubReplyMessageVariableHeader header) {
        outgoing().acknowledged(header.messageId(), Byte.toUnsignedInt(header.reasonCode()));
    }

    // the login's outcome

    Peer peer() {
        return Peer.of(socket);
    }

    /**
     * The device is in: answers CONNECT and reads on.
     *
     * @param handedOver completes when the previous holder has said what it delivered
     */
    void open(Connect connect, Session opened, boolean sessionPresent, Future<?> handedOver) {
        int keepAlive = connect.keepAlive(adapter.settings());
        patience = keepAlive + (keepAlive + 1) / 2;
        lastHeard = adapter.connections().seconds();
        session = opened;
        outgoing = new Outgoing(wire, opened, adapter, connect);
        receipts = new Receipts(this, opened.device(), adapter);
        state = State.OPEN;
        counted = adapter.meters().connections(connect, socket.isSsl());
        counted.up();
        adapter.meters().accepted();
        send(Packets.accepted(connect, sessionPresent, keepAlive, adapter.settings()));
        resume();
        courier().begin(handedOver);
        askWhatIsWanted();
    }

    /** Of the device, and of what hangs below it now. */
    void askWhatIsWanted() {
        adapter.bus()
                .ask(new ConnectionOpened(session().device()))
                .onFailure(e -> LOGGER.debug("{} is not told what is wanted of it: {}", this, e.getMessage()));
    }

    /** Answers CONNECT with the code of the refusal and closes. */
    void refuse(Connect connect, Refusal why) {
        if (state != State.CLOSED && adapter.logs().permits()) {
            Object claimed = connect.client().<Object>map(ClientId::device).orElse("malformed");
            LOGGER.info("device={} address={} refused reason={}", claimed, address(), why);
        }
        refuse(why);
    }

    private void refuse(Refusal why) {
        if (state != State.CLOSED) {
            adapter.meters().refused(why);
            send(Packets.refused(why.code(mqtt5)));
            end(true);
        }
    }

    /** Once a second. */
    void sweep(int now) {
        if (state == State.OPEN) {
            outgoing().sweep(now);
        }
    }

    /** Sends an answer to a device; one that does not take its answers is cut off. */
    void send(MqttMessage packet) {
        if (state == State.CLOSED) {
            return;
        }
        if (wire.isOpen()) {
            wire.write(packet);
        } else {
            misbehaved(Closing.CONGESTED);
        }
    }

    // reading or not

    /** Stops reading the socket until {@link #resume} was called as often. */
    void pause() {
        if (pauses++ == 0) {
            wire.stopReading();
        }
    }

    void resume() {
        if (--pauses == 0 && state != State.CLOSED) {
            wire.readOn();
        }
    }

    // the end

    /** Closes the connection for a reason of the gateway's; nothing happens when it is closed already. */
    void close(Closing why) {
        if (state == State.CLOSED) {
            return;
        }
        adapter.meters().closed().count(why);
        if (state == State.OPEN && mqtt5 && wire.isOpen()) {
            wire.write(Packets.disconnect(why));
        }
        end(why != Closing.TAKEN_OVER);
    }

    /** Closes the connection for a fault of the device's, and says so in the log. */
    void misbehaved(Closing why) {
        if (state != State.CLOSED && adapter.logs().permits()) {
            LOGGER.info("device={} address={} closed reason={}", device(), address(), why);
        }
        close(why);
    }

    private void end(boolean recorded) {
        leave(recorded);
        lastHeard = adapter.connections().seconds();
        if (wire.isOpen()) {
            wire.close();
        } else {
            wire.abort();
        }
    }

    /** @param recorded whether the session's end is to be written; a take-over has written it already */
    private void leave(boolean recorded) {
        state = State.CLOSED;
        if (counted != null) {
            counted.down();
        }
        if (session != null) {
            adapter.connections().leave(session.device(), this);
            Future<Void> settled =
                    adapter.connections().depart(session.device(), outgoing().end());
            if (recorded) {
                adapter.ended().add(session.device(), session.epoch(), settled);
            }
        }
    }

    /** The socket is closed, by whomever. */
    private void gone() {
        if (state != State.CLOSED) {
            leave(true);
        }
        adapter.connections().remove(this);
        adapter.seats().leaveSocket();
        if (seated) {
            adapter.seats().leaveSeat();
        }
        // packets that waited for a resume are released by being handled
        socket.resume();
    }

    /** Whether it has been silent, or has not acknowledged anything, for longer than its state allows. */
    boolean isLate(int now) {
        return isSilent(now) || isStuck(now);
    }

    private boolean isStuck(int now) {
        return state == State.OPEN && outgoing().isStuck(now);
    }

    private boolean isSilent(int now) {
        int limit = switch (state) {
            case AWAITING_CONNECT, LOGGING_IN ->
                (int) Math.max(1, adapter.settings().connectTimeout().toSeconds());
            case OPEN -> patience == 0 ? Integer.MAX_VALUE : patience;
            case CLOSED -> LINGER_SECONDS;
        };
        return now - lastHeard > limit;
    }

    void timeOut() {
        if (isStuck(adapter.connections().seconds())) {
            misbehaved(Closing.QUOTA_EXCEEDED);
            return;
        }
        switch (state) {
            case LOGGING_IN -> refuse(Refusal.UNAVAILABLE);
            case AWAITING_CONNECT, OPEN -> close(Closing.KEEP_ALIVE_TIMEOUT);
            case CLOSED -> wire.abort();
        }
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isMqtt5() {
        return mqtt5;
    }

    /** Of a connection whose device is in. */
    Session session() {
        if (session == null) {
            throw new IllegalStateException("not logged in");
        }
        return session;
    }

    /** Of a connection whose device is in. */
    Outgoing outgoing() {
        if (outgoing == null) {
            throw new IllegalStateException("not logged in");
        }
        return outgoing;
    }

    /** Of a connection whose device is in. */
    Receipts receipts() {
        if (receipts == null) {
            throw new IllegalStateException("not logged in");
        }
        return receipts;
    }

    Courier courier() {
        return outgoing().courier();
    }

    /** For the log. */
    private Object device() {
        return session == null ? "-" : session.device();
    }

    private Object address() {
        return socket.remoteAddress();
    }

    @Override
    public String toString() {
        return "device=" + device() + " address=" + address();
    }
}
