// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.ProjectId;
import io.vertx.core.net.NetSocket;
import io.vertx.proton.ProtonConnection;
import io.vertx.proton.ProtonReceiver;
import io.vertx.proton.ProtonSession;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.engine.impl.TransportImpl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a consumer, from the socket to its end (northbound §6.2). All its time limits are looked after by a sweep
 * of the door's. Belongs to one instance of the room.
 */
final class AmqpConnection {
    private static final Logger LOGGER = LoggerFactory.getLogger(AmqpConnection.class);
    private static final int LOGIN_SECONDS = 10;
    private static final int RECEIVER_SECONDS = 15;
    private static final int CLOSING_SECONDS = 5;
    private static final int MIN_IDLE_MILLIS = 100;
    /** Clients open one or two of their own besides one for each receiver. */
    private static final int MORE_SESSIONS = 4;
    /** Nobody may send anything. */
    private static final int INCOMING_BYTES = 64 * 1024;

    private final AmqpShared shared;
    private final NetSocket socket;
    private final ProtonConnection proton;
    private final Transport transport;
    private final AmqpLinks links;
    private final Set<ProtonSession> sessions = new HashSet<>();
    private Consumer<AmqpConnection> gone = _ -> {};
    private @Nullable ProjectId project;
    /** When something has to have happened, in seconds of the door; none while the connection is as it should be. */
    private int deadline;

    private int now;
    private boolean opened;
    private boolean attached;
    private boolean closing;
    private boolean over;

    AmqpConnection(AmqpShared shared, NetSocket socket, ProtonConnection proton, Transport transport) {
        this.shared = shared;
        this.socket = socket;
        this.proton = proton;
        this.transport = transport;
        links = new AmqpLinks(shared, this);
        ((TransportImpl) transport).setProtocolTracer(new AmqpFrames());
    }

    /** @param whenGone told once, when the socket is closed */
    void start(int seconds, Consumer<AmqpConnection> whenGone) {
        gone = whenGone;
        now = seconds;
        deadline = seconds + LOGIN_SECONDS;
        var _ = socket.closeHandler(_ -> end());
    }

    String address() {
        return socket.remoteAddress().hostAddress();
    }

    AmqpMeters meters() {
        return shared.meters();
    }

    int seconds() {
        return now;
    }

    boolean isOf(ProjectId other) {
        return other.equals(project);
    }

    /** Whether more can be written: somebody is there who reads it. */
    boolean takesMore() {
        return opened && !closing && !over && !socket.writeQueueFull();
    }

    /** Does something later, if there is still a connection then. */
    void after(long millis, Runnable what) {
        long _ = shared.vertx().setTimer(millis, _ -> {
            if (!over) {
                what.run();
            }
        });
    }

    /** The login succeeded; false when there is no room for one more. */
    boolean enter(ProjectId in) {
        if (over || closing || !shared.seats().takeSeat()) {
            return false;
        }
        project = in;
        meters().connections().up();
        var _ = proton.openHandler(_ -> open(in))
                .closeHandler(_ -> remotelyClosed())
                .disconnectHandler(_ -> end())
                .sessionOpenHandler(this::begin)
                .senderOpenHandler(sender -> links.attach(in, sender))
                .receiverOpenHandler(this::refuse);
        return true;
    }

    /** Does something when what is being done is done. */
    void soon(Runnable what) {
        shared.vertx().runOnContext(_ -> what.run());
    }

    void attached() {
        attached = true;
    }

    /** Ends the connection, after telling the consumer why. */
    void close(AmqpRefusal why) {
        if (over || closing) {
            return;
        }
        if (project == null) {
            disconnect();
            return;
        }
        closing = true;
        deadline = now + CLOSING_SECONDS;
        links.end();
        LOGGER.debug("consumer at {} closed: {}", address(), why);
        if (!opened) {
            opened = true;
            var _ = proton.open();
        }
        var _ = proton.setCondition(why.condition()).close();
    }

    void disconnect() {
        socket.close().onFailure(e -> LOGGER.debug("socket not closed: {}", e.getMessage()));
    }

    void sweep(int seconds) {
        now = seconds;
        if (closing || !opened) {
            if (now > deadline) {
                disconnect();
            }
        } else if (!attached && now > deadline) {
            close(AmqpRefusal.NO_RECEIVER);
        } else {
            links.sweep();
        }
    }

    private void open(ProjectId in) {
        int idle = transport.getRemoteIdleTimeout();
        deadline = now + RECEIVER_SECONDS;
        if (idle > 0 && idle < MIN_IDLE_MILLIS) {
            close(AmqpRefusal.IDLE_TIME_OUT);
            return;
        }
        opened = true;
        LOGGER.debug("consumer of project {} at {}", in, address());
        var _ = socket.drainHandler(_ -> links.more());
        var _ = proton.setContainer("downlink")
                .setProperties(Map.of(Symbol.valueOf("product"), "downlink"))
                .setOfferedCapabilities(new Symbol[0])
                .open();
    }

    private void begin(ProtonSession session) {
        if (sessions.size() >= shared.settings().maxLinks() + MORE_SESSIONS) {
            close(AmqpRefusal.TOO_MANY_SESSIONS);
            return;
        }
        sessions.add(session);
        var _ = session.setIncomingCapacity(INCOMING_BYTES)
                .closeHandler(_ -> {
                    sessions.remove(session);
                    links.end(session);
                    session.close();
                    session.free();
                })
                .open();
    }

    private void refuse(ProtonReceiver receiver) {
        boolean transactions = receiver.getRemoteTarget() instanceof Coordinator;
        links.refuse(receiver, transactions ? AmqpRefusal.NO_TRANSACTIONS : AmqpRefusal.NO_SENDERS);
    }

    private void remotelyClosed() {
        links.end();
        closing = true;
        deadline = now + CLOSING_SECONDS;
        var _ = proton.close();
        disconnect();
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        links.end();
        if (project != null) {
            meters().connections().down();
            shared.seats().leaveSeat();
        }
        gone.accept(this);
    }
}
