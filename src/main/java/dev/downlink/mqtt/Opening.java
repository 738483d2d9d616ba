// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SessionRows.Opened;
import dev.downlink.protocol.SessionRows.SelectPresence;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one connection from CONNECT to CONNACK: login, a row in the session table, the previous connection dismissed.
 * The device hears of its success only when the row is committed. Belongs to the connection.
 */
final class Opening {
    private static final Logger LOGGER = LoggerFactory.getLogger(Opening.class);

    private final DeviceConnection connection;
    private final Connect connect;
    private final Adapter adapter;
    /** The order to close that reaches furthest, of those that came while the epoch was not known. */
    private @Nullable CloseConnection order;

    private boolean stale;
    /** Completes when the previous holder has closed its connection and said what it delivered. */
    private Future<?> handedOver = Future.succeededFuture();

    Opening(DeviceConnection connection, Connect connect, Adapter adapter) {
        this.connection = connection;
        this.connect = connect;
        this.adapter = adapter;
    }

    void start() {
        adapter.login().judge(connect, connection.peer()).onSuccess(this::judged);
    }

    /** The device was changed since it was judged. */
    void changed() {
        stale = true;
    }

    void ordered(CloseConnection another) {
        if (order == null || order.epoch() <= another.epoch()) {
            order = another;
        }
    }

    private void judged(Login.Verdict verdict) {
        switch (verdict) {
            case Login.Verdict.Refused refused -> connection.refuse(connect, refused.why());
            case Login.Verdict.Welcome welcome -> enter(welcome);
        }
    }

    private void enter(Login.Verdict.Welcome welcome) {
        if (connection.isClosed()) {
            return;
        }
        DeviceId device = welcome.device().id();
        adapter.connections().begin(device, this);
        adapter.ended().expect();
        OpenSession request = new OpenSession(
                device, adapter.node(), adapter.address().value(), connect.cleanStart(), connect.keepSeconds());
        adapter.bus().ask(request).onSuccess(opened -> entered(welcome, opened)).onFailure(e -> unavailable(device, e));
    }

    private void unavailable(DeviceId device, Throwable e) {
        if (adapter.logs().permits()) {
            LOGGER.warn("device={} cannot be let in, error={}", device, e.getMessage());
        }
        connection.refuse(connect, Refusal.UNAVAILABLE);
        if (e instanceof Failed failed && failed.failure() instanceof Failure.NoAnswer) {
            findTrace(device);
        } else {
            over(device);
        }
    }

    /** The row may have been written although nobody said so; nobody else would end that session. */
    private void findTrace(DeviceId device) {
        adapter.bus()
                .ask(new SelectPresence(device))
                .onSuccess(found -> Optional.ofNullable(found.presence())
                        .flatMap(Presence::whereConnected)
                        .filter(holder ->
                                holder.address().equals(adapter.address().value()))
                        .ifPresent(holder -> endUnlessOpen(device, holder.epoch())))
                .onFailure(e -> LOGGER.warn("device={} may seem to be on line, error={}", device, e.getMessage()))
                .onComplete(_ -> over(device));
    }

    private void endUnlessOpen(DeviceId device, long epoch) {
        Optional<DeviceConnection> present = adapter.connections().find(device);
        boolean open = present.filter(c -> c.session().epoch() >= epoch).isPresent();
        if (!open && adapter.connections().isAlone(device)) {
            present.ifPresent(earlier -> earlier.close(Closing.TAKEN_OVER));
            adapter.ended().add(device, epoch);
        }
    }

    private void entered(Login.Verdict.Welcome welcome, Opened opened) {
        handedOver = dismiss(welcome.device().id(), opened.previous());
        settle(welcome, opened);
    }

    /** What was judged before the device was changed is judged again. */
    private void settle(Login.Verdict.Welcome welcome, Opened opened) {
        DeviceId device = welcome.device().id();
        if (stale && !connection.isClosed()) {
            stale = false;
            adapter.login().judge(connect, connection.peer()).onSuccess(again -> judgedAgain(device, again, opened));
            return;
        }
        try {
            conclude(welcome, opened);
        } finally {
            over(device);
        }
    }

    private void judgedAgain(DeviceId device, Login.Verdict verdict, Opened opened) {
        switch (verdict) {
            case Login.Verdict.Welcome welcome -> settle(welcome, opened);
            case Login.Verdict.Refused refused -> {
                connection.refuse(connect, refused.why());
                adapter.ended().add(device, opened.epoch());
                over(device);
            }
        }
    }

    private void conclude(Login.Verdict.Welcome welcome, Opened opened) {
        DeviceId device = welcome.device().id();
        long epoch = opened.epoch();
        if (order != null && order.epoch() >= epoch) {
            connection.refuse(connect, refusal(order.why()));
            if (order.why() != Why.TAKEN_OVER) {
                adapter.ended().add(device, epoch);
            }
        } else if (connection.isClosed()) {
            adapter.ended().add(device, epoch);
        } else {
            open(welcome, opened);
        }
    }

    private void over(DeviceId device) {
        adapter.connections().end(device, this);
        adapter.ended().met();
    }

    private void open(Login.Verdict.Welcome welcome, Opened opened) {
        DeviceId device = welcome.device().id();
        Session session = new Session(
                connect,
                welcome.product(),
                device,
                opened.epoch(),
                opened.subscriptions(),
                adapter.clock().instant(),
                adapter.settings());
        if (!adapter.connections().enter(connection, session)) {
            connection.refuse(connect, Refusal.OVERTAKEN);
            return;
        }
        connection.open(connect, session, opened.present(), handedOver);
    }

    private Future<?> dismiss(DeviceId device, Presence.@Nullable Holder previous) {
        if (previous == null) {
            return Future.succeededFuture();
        }
        adapter.meters().takeOvers().one();
        if (adapter.logs().permits()) {
            LOGGER.info("device={} taken over from holder={}", device, previous.address());
        }
        CloseConnection request = new CloseConnection(device, previous.epoch(), Why.TAKEN_OVER);
        Address holder = Address.holder(previous.address());
        return adapter.bus()
                .ask(holder, request)
                .onFailure(e -> LOGGER.debug("device={} previous connection: {}", device, e.getMessage()));
    }

    private static Refusal refusal(Why why) {
        return switch (why) {
            case FROZEN -> Refusal.FROZEN;
            case DELETED -> Refusal.DELETED;
            case CREDENTIALS_CHANGED -> Refusal.CREDENTIALS_CHANGED;
            case TAKEN_OVER -> Refusal.OVERTAKEN;
            case SESSION_LOST -> Refusal.UNAVAILABLE;
        };
    }
}
