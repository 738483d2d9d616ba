// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.Seats;
import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.net.TurnFlush;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Notice;
import dev.downlink.telemetry.LogLimit;
import dev.downlink.telemetry.Readiness;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MQTT door: listens on the plain and the TLS port and answers what is asked of the connections that it holds. Each
 * instance lives on one event loop with the connections that were accepted there.
 */
public final class MqttVerticle extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(MqttVerticle.class);
    private static final int MAX_IN_HAND = 10_000;
    private static final int LOG_LINES_PER_SECOND = 20;
    private static final long SWEEP_MILLIS = 1000;
    private static final long DRAIN_MILLIS = 5000;
    /** Names under which the instances of a node share a free port; they only have to be different. */
    private static final int SHARED_PLAIN = 1883;

    private static final int SHARED_TLS = 8883;

    private final Settings settings;
    private final NodeIdentity node;
    private final Ports ports;
    private final int instance;
    private final Seats seats;
    private final InstantSource clock;
    private final List<NetServer> servers = new ArrayList<>();
    private Adapter adapter;
    private LoggedIn.Handlers handlers;
    private Calls calls;
    private Messages messages;
    private Events events;
    private Readiness readiness;
    private boolean closed;

    private MqttVerticle(
            Settings settings, NodeIdentity node, Ports ports, int instance, Seats seats, InstantSource clock) {
        this.settings = settings;
        this.node = node;
        this.ports = ports;
        this.instance = instance;
        this.seats = seats;
        this.clock = clock;
    }

    /** Makes the instances of one node, which share its ports and its bound on connections. */
    public static Supplier<MqttVerticle> instances(Settings settings, NodeIdentity node, Ports ports) {
        return instances(settings, node, ports, InstantSource.system());
    }

    static Supplier<MqttVerticle> instances(Settings settings, NodeIdentity node, Ports ports, InstantSource clock) {
        AtomicInteger next = new AtomicInteger();
        Seats seats = new Seats(settings.mqtt().maxConnections());
        return () -> new MqttVerticle(settings, node, ports, next.getAndIncrement(), seats, clock);
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Settings.Mqtt mqtt = settings.mqtt();
        Address own = Address.mqtt(node.id(), instance);
        LogLimit logs = new LogLimit(LOG_LINES_PER_SECOND);
        Connections connections = new Connections(bus);
        adapter = new Adapter(
                bus,
                mqtt,
                settings.messages(),
                node,
                clock,
                own,
                seats,
                logs,
                Meters.of(Telemetry.of(vertx)),
                connections,
                new Login(bus, mqtt, clock),
                new Products(bus),
                new EndedSessions(vertx, mqtt.maxConnections(), logs),
                new Settlements(vertx, logs),
                new TurnFlush());
        events = new Events(adapter);
        handlers = new LoggedIn.Handlers(new Uplinks(adapter, events), new Subscribing(adapter));
        calls = new Calls(adapter);
        messages = new Messages(adapter);
        readiness = Readiness.of(vertx);
        vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
        return Future.all(
                        bus.answer(own, AdapterRequest.class, MAX_IN_HAND, this::answer),
                        bus.answer(Address.MQTT, AdapterRequest.class, MAX_IN_HAND, this::answer),
                        hear(bus))
                .compose(_ -> listen());
    }

    private Future<?> hear(Bus bus) {
        Connections connections = adapter.connections();
        Broadcasts broadcasts = new Broadcasts(vertx, adapter);
        return Future.all(
                bus.hear(Notice.DeviceChanged.class, connections::changed),
                bus.hear(Notice.ProductChanged.class, connections::changed),
                bus.hear(Notice.BroadcastSent.class, broadcasts::send),
                bus.hear(Notice.NodeLeft.class, _ -> messages.nodeLeft()),
                bus.hear(
                        Notice.SessionsLost.class,
                        _ -> connections.closeAll(Closing.of(AdapterRequest.CloseConnection.Why.SESSION_LOST))));
    }

    private Answer<?> answer(AdapterRequest<?> request) {
        return switch (request) {
            case AdapterRequest.DeliverCall q -> Answer.to(q, calls.deliver(q));
            case AdapterRequest.DeliverMessage q -> Answer.to(q, messages.deliver(q));
            case AdapterRequest.WakeConnection q -> Answer.to(q, messages.wake(q));
            case AdapterRequest.NotifyGateway q -> Answer.to(q, events.changed(q));
            case AdapterRequest.WithdrawMessage q -> Answer.to(q, messages.withdraw(q));
            case AdapterRequest.FindProgress q -> Answer.to(q, calls.progress(q));
            case AdapterRequest.CloseConnection q ->
                Answer.to(q, adapter.connections().close(q));
        };
    }

    private void sweep() {
        adapter.logs().tick();
        messages.sweep();
        adapter.connections().sweep();
    }

    private Future<?> listen() {
        Future<?> plain = listen("mqtt", new NetServerOptions(), settings.mqtt().port(), SHARED_PLAIN);
        Path certificate = settings.mqtts().certificate();
        if (certificate == null) {
            return plain;
        }
        Path key =
                settings.mqtts().key() == null ? certificate : settings.mqtts().key();
        NetServerOptions tls = Tls.options(certificate, key, settings.mqtt().connectTimeout());
        return Future.all(plain, listen("mqtts", tls, settings.mqtts().port(), SHARED_TLS));
    }

    private Future<?> listen(String name, NetServerOptions options, int port, int shared) {
        NetServer server = vertx.createNetServer(options.setAcceptBacklog(4096).setTcpKeepAlive(true))
                .connectHandler(this::accept)
                .exceptionHandler(e -> LOGGER.debug("{} handshake failed: {}", name, e.getMessage()));
        servers.add(server);
        SocketAddress at = port == 0
                ? SocketAddress.sharedRandomPort(shared, settings.host())
                : SocketAddress.inetSocketAddress(port, settings.host());
        return server.listen(at).onSuccess(s -> ports.take(name, s.actualPort()));
    }

    /** From the beginning of a stop on nobody is let in: he would soon have to leave again. */
    private void accept(NetSocket socket) {
        if (closed || readiness.isStopping() || !seats.takeSocket()) {
            socket.close().onFailure(e -> LOGGER.debug("socket not closed: {}", e.getMessage()));
            return;
        }
        new DeviceConnection((NetSocketInternal) socket, adapter, handlers).start();
    }

    /** Sends the devices away, and then waits until the session table knows it or the time for that is over. */
    @Override
    public Future<?> stop() {
        closed = true;
        adapter.connections().closeAll(Closing.SHUTTING_DOWN);
        return Future.join(servers.stream().map(NetServer::close).toList())
                .eventually(() -> adapter.ended().drain(DRAIN_MILLIS));
    }
}
