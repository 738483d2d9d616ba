// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Notice;
import dev.downlink.telemetry.LogLimit;
import dev.downlink.telemetry.Readiness;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.proton.ProtonServer;
import io.vertx.proton.ProtonServerOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for consumers of queues: serves AMQP 1.0 on the plain and the TLS port (northbound §6.2). The instances of the room
 * share the ports; each serves the connections that were accepted on its event loop.
 */
final class AmqpDoor {
    private static final Logger LOGGER = LoggerFactory.getLogger(AmqpDoor.class);
    private static final int LOG_LINES_PER_SECOND = 20;
    private static final long SWEEP_MILLIS = 1000;
    private static final long DRAIN_MILLIS = 2000;
    private static final int HANDSHAKE_SECONDS = 5;
    private static final int SAMPLE_SECONDS = 15;
    private static final int MAX_FRAME = 64 * 1024;
    /** Half of what consumers are asked to be heard within. */
    private static final int HEARTBEAT_SECONDS = 15;
    /** Names under which the instances of a node share a free port; they only have to be different. */
    private static final int SHARED_PLAIN = 5672;

    private static final int SHARED_TLS = 5671;

    private final Vertx vertx;
    private final Settings settings;
    private final Ports ports;
    private final AmqpDoors doors;
    private final Context context;
    private final long sweepMillis;
    private final AmqpShared shared;
    private final Readiness readiness;
    private final Set<AmqpConnection> connections = new HashSet<>();
    private final List<ProtonServer> servers = new ArrayList<>();
    private int seconds;
    private boolean closed;
    private Promise<Void> empty = Promise.promise();

    /** @param doors those of the node, which this one will be among */
    AmqpDoor(
            Vertx vertx,
            Settings settings,
            Ports ports,
            AmqpDoors doors,
            AmqpDirectory directory,
            InstantSource clock) {
        this(vertx, settings, ports, doors, directory, clock, SWEEP_MILLIS);
    }

    /** @param sweepMillis how long a second takes, for tests that cannot wait */
    AmqpDoor(
            Vertx vertx,
            Settings settings,
            Ports ports,
            AmqpDoors doors,
            AmqpDirectory directory,
            InstantSource clock,
            long sweepMillis) {
        this.vertx = vertx;
        this.settings = settings;
        this.ports = ports;
        this.doors = doors;
        this.sweepMillis = sweepMillis;
        shared = new AmqpShared(
                vertx,
                settings.amqp(),
                doors.seats(),
                directory,
                new AmqpLogin(directory, settings.amqp().loginWindow(), clock),
                new AmqpQueues(),
                AmqpMeters.of(Telemetry.of(vertx)),
                new LogLimit(LOG_LINES_PER_SECOND));
        readiness = Readiness.of(vertx);
        context = vertx.getOrCreateContext();
    }

    /** Listens, unless this node has no such door. */
    Future<?> open() {
        if (!settings.roles().contains(Settings.Role.AMQP)) {
            return Future.succeededFuture();
        }
        doors.add(this);
        long _ = vertx.setPeriodic(sweepMillis, _ -> sweep());
        Bus bus = Bus.of(vertx);
        return Future.all(
                        bus.hear(Notice.AccessCodeReplaced.class, this::replaced),
                        bus.hear(Notice.RulesChanged.class, this::changed))
                .compose(_ -> listen());
    }

    /** The queues that somebody here is there to get events of. */
    Set<QueueKey> attended() {
        return shared.queues().attended();
    }

    /** @param toChanges called when other queues are attended than before */
    void listen(Runnable toChanges) {
        shared.queues().listen(toChanges);
    }

    /** @param ready called whenever there is room again */
    Sink open(QueueKey queue, Runnable ready) {
        return new AmqpSink(shared.queues().of(queue), ready);
    }

    /** Sends one event to a consumer here, past those that wait; empty when none takes it. May be called on any event loop. */
    Future<Optional<Fate>> push(QueueKey queue, Parcel parcel) {
        Context caller = vertx.getOrCreateContext();
        Promise<Optional<Fate>> promise = Promise.promise();
        context.runOnContext(
                _ -> pushHere(queue, parcel).onComplete(fate -> caller.runOnContext(_ -> promise.handle(fate))));
        return promise.future();
    }

    private Future<Optional<Fate>> pushHere(QueueKey queue, Parcel parcel) {
        AmqpSink sink = new AmqpSink(shared.queues().of(queue), () -> {});
        Future<Optional<Fate>> fate = sink.room() == 0
                ? Future.succeededFuture(Optional.empty())
                : sink.push(parcel).timeout(SAMPLE_SECONDS, TimeUnit.SECONDS).map(Optional::of);
        return fate.eventually(sink::close);
    }

    /** Sends the consumers away; what they have not settled goes back. */
    Future<?> close() {
        closed = true;
        doors.remove(this);
        List.copyOf(connections).forEach(connection -> connection.close(AmqpRefusal.STOPPING));
        Future<?> left = connections.isEmpty() ? Future.succeededFuture() : empty.future();
        return Future.join(servers.stream().map(AmqpDoor::close).toList())
                .eventually(() -> Future.any(left, vertx.timer(DRAIN_MILLIS)))
                .onComplete(_ -> List.copyOf(connections).forEach(AmqpConnection::disconnect));
    }

    private Future<?> listen() {
        Future<?> plain = listen("amqp", new ProtonServerOptions(), settings.amqpPort(), SHARED_PLAIN);
        Path certificate = settings.amqps().certificate();
        if (certificate == null) {
            return plain;
        }
        Path key = Objects.requireNonNullElse(settings.amqps().key(), certificate);
        return Future.all(
                plain, listen("amqps", tls(certificate, key), settings.amqps().port(), SHARED_TLS));
    }

    private Future<?> listen(String name, ProtonServerOptions options, int port, int shareable) {
        ProtonServer server = ProtonServer.create(
                vertx,
                options.setHeartbeat((int) (HEARTBEAT_SECONDS * sweepMillis))
                        .setMaxFrameSize(MAX_FRAME)
                        .setTcpKeepAlive(true));
        servers.add(server);
        Promise<ProtonServer> listening = Promise.promise();
        var _ = server.saslAuthenticatorFactory(() -> new AmqpSasl(shared, this::enters))
                .connectHandler(_ -> {
                    // it has its handlers since the login
                })
                // a negative port is a free one that those with the same number share
                .listen(port == 0 ? -shareable : port, settings.host(), listening::handle);
        return listening.future().onSuccess(s -> ports.take(name, s.actualPort()));
    }

    private static ProtonServerOptions tls(Path certificate, Path key) {
        return new ProtonServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }

    private static Future<?> close(ProtonServer server) {
        Promise<Void> done = Promise.promise();
        server.close(done::handle);
        return done.future();
    }

    /** From the beginning of a stop on nobody is let in: he would soon have to leave again. */
    private boolean enters(AmqpConnection connection) {
        if (closed || readiness.isStopping() || !shared.seats().takeSocket()) {
            return false;
        }
        connections.add(connection);
        connection.start(seconds, this::left);
        return true;
    }

    private void left(AmqpConnection connection) {
        shared.seats().leaveSocket();
        connections.remove(connection);
        if (closed && connections.isEmpty()) {
            boolean _ = empty.tryComplete();
        }
    }

    /** A second has passed. */
    void sweep() {
        seconds++;
        shared.logs().tick();
        List.copyOf(connections).forEach(connection -> connection.sweep(seconds));
        shared.queues().sweep(seconds);
    }

    private void replaced(Notice.AccessCodeReplaced notice) {
        shared.login().forget(notice.project());
        if (notice.disconnect()) {
            connections.stream()
                    .filter(connection -> connection.isOf(notice.project()))
                    .toList()
                    .forEach(connection -> connection.close(AmqpRefusal.CODE_REPLACED));
        }
    }

    /** A queue may have been deleted. */
    private void changed(Notice.RulesChanged notice) {
        Set<QueueKey> queues = shared.queues().receivers().stream()
                .map(AmqpReceiver::queue)
                .filter(queue -> queue.project().equals(notice.project()))
                .collect(Collectors.toSet());
        queues.forEach(queue -> shared.directory()
                .hasQueue(queue)
                .onFailure(e -> LOGGER.debug("queue {} cannot be looked up: {}", queue.name(), e.getMessage()))
                .onSuccess(known -> {
                    if (!known) {
                        shared.queues().of(queue).receivers().forEach(one -> one.close(AmqpRefusal.QUEUE_DELETED));
                    }
                }));
    }
}
