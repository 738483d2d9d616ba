// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.ClientId;
import dev.downlink.bus.Incidents;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.ConnectionOpened;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
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
    private final LoggedIn.Handlers handlers;
    private State state = State.AWAITING_CONNECT;
    /** Second of the last packet, of the accept before the first, of the close after the last. */
    private int lastHeard;
    /** How many reasons there are not to read the socket. */
    private int pauses;

    private boolean mqtt5;
    private boolean seated;
    /** Null before its device is in; stays when it is closed. */
    private @Nullable LoggedIn in;

    private enum State {
        AWAITING_CONNECT,
        LOGGING_IN,
        OPEN,
        CLOSED
    }

    DeviceConnection(NetSocketInternal socket, Adapter adapter, LoggedIn.Handlers handlers) {
        this.socket = socket;
        wire = new Wire(socket, adapter.settings().maxUnwritten(), adapter.flush());
        this.adapter = adapter;
        this.handlers = handlers;
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
            case OPEN -> {
                lastHeard = adapter.connections().seconds();
                in().receive(packet);
            }
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
        lastHeard = adapter.connections().seconds();
        in = new LoggedIn(
                this,
                opened,
                new Outgoing(wire, opened, adapter, connect),
                adapter.meters().connections(connect, socket.isSsl()),
                keepAlive,
                adapter,
                handlers);
        state = State.OPEN;
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

    /** The device itself said that it goes. */
    void goodbye() {
        end(true);
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

    private void leave(boolean recorded) {
        state = State.CLOSED;
        if (in != null) {
            in.leave(recorded);
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
            case OPEN -> in().patience();
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

    private LoggedIn in() {
        if (in == null) {
            throw new IllegalStateException("not logged in");
        }
        return in;
    }

    /** Of a connection whose device is in. */
    Session session() {
        return in().session();
    }

    /** Of a connection whose device is in. */
    Outgoing outgoing() {
        return in().outgoing();
    }

    /** Of a connection whose device is in. */
    Receipts receipts() {
        return in().receipts();
    }

    Courier courier() {
        return outgoing().courier();
    }

    /** For the log. */
    private Object device() {
        return in == null ? "-" : in.session().device();
    }

    private Object address() {
        return socket.remoteAddress();
    }

    @Override
    public String toString() {
        return "device=" + device() + " address=" + address();
    }
}
