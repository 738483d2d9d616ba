// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.auth.VaultException;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.config.SettingsText;
import dev.downlink.database.DatabaseException;
import dev.downlink.protocol.Request;
import dev.downlink.telemetry.Readiness;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: all rooms, their database, and the files that tell others about it. Starting and closing block, so they
 * are not called from an event loop.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Gateway.class);
    private static final Duration STARTING = Duration.ofSeconds(60);
    private static final Duration STOPPING = Duration.ofSeconds(45);

    private final Lifetime lifetime;
    private final Settings settings;
    private final Vertx vertx;
    private final Ports ports;

    private Gateway(Lifetime lifetime, Settings settings, Vertx vertx, Ports ports) {
        this.lifetime = lifetime;
        this.settings = settings;
        this.vertx = vertx;
        this.ports = ports;
    }

    /**
     * Starts a gateway and returns when it is ready.
     *
     * @throws PortTakenException when it cannot listen
     * @throws DatabaseException when there is no database
     * @throws VaultException when the master key is not to be had
     */
    public static Gateway start(Settings settings) {
        return start(settings, new Lifetime());
    }

    /** @param lifetime may be closed by another thread at any time, also while the gateway starts */
    public static Gateway start(Settings settings, Lifetime lifetime) {
        try {
            Gateway gateway = open(settings, lifetime);
            lifetime.openingIsOver();
            return gateway;
        } catch (RuntimeException | Error e) {
            lifetime.openingIsOver();
            lifetime.close();
            throw e;
        }
    }

    private static Gateway open(Settings wanted, Lifetime lifetime) {
        Logs.write(wanted.log().format());
        LOGGER.info("settings {}", String.join(" ", SettingsText.lines(wanted)));
        Listening.check(wanted);
        lifetime.own("log", () -> LOGGER.info("downlink stopped"));
        Storage storage = lifetime.own("database", Storage.own(wanted)).ready();
        Settings settings = storage.settings();
        NodeIdentity node = NodeIdentity.fresh(nodeName(settings));
        Vertx vertx = Platform.start(settings, node);
        lifetime.own("vertx", () -> Awaiting.await(vertx.close(), STOPPING));

        Ports ports = new Ports();
        storage.port().ifPresent(port -> ports.take("database", port));
        Rooms rooms = Rooms.all(vertx, settings, storage.vault(), node, ports);
        Duration stopping = STOPPING.plus(settings.commands().timeout());
        lifetime.own("rooms", () -> Awaiting.await(rooms.close(), stopping));
        open(rooms);

        var _ = Awaiting.await(new Bootstrap(Bus.of(vertx)).run(settings.bootstrap()), STARTING);
        lifetime.own("ports.json", PortsFile.write(settings.dataDir(), ports.taken()));
        lifetime.own("readiness", () -> stopping(vertx, node));
        LOGGER.info("downlink ready node={} {}", node.name(), listening(ports.taken()));
        return new Gateway(lifetime, settings, vertx, ports);
    }

    /**
     * The ports in use: {@code management}, {@code http}, {@code mqtt}, {@code mqtts}, {@code amqp}, {@code amqps}, and
     * {@code database} for the embedded one.
     */
    public Map<String, Integer> ports() {
        return ports.taken();
    }

    /** Asks a room and waits for the answer. Fails as {@link Bus#ask(Request)} does. */
    public <R extends Record> R ask(Request<R> request) {
        return Awaiting.await(Bus.of(vertx).ask(request), STARTING);
    }

    /** The settings in force, among them the address of the embedded database. */
    public Settings settings() {
        return settings;
    }

    /** Adds something that lives on this gateway and is closed before it. */
    public void closeFirst(String name, AutoCloseable part) {
        lifetime.own(name, part);
    }

    /** Lets nothing new in, ends what is in hand, stops; for the rooms that takes commands.timeout and 30 s at most. */
    @Override
    public void close() {
        lifetime.close();
    }

    /** The first thing at a stop: nothing new comes in while what is in hand still ends. */
    private static void stopping(Vertx vertx, NodeIdentity node) {
        LOGGER.info("downlink stopping node={}", node.name());
        Readiness.of(vertx).stop();
    }

    private static void open(Rooms rooms) {
        try {
            var _ = Awaiting.await(rooms.open(), STARTING);
        } catch (RuntimeException e) {
            if (Listening.isBindFailure(e)) {
                throw new PortTakenException("cannot listen: " + e.getMessage());
            }
            throw e;
        }
    }

    /**
     * Stays the same over restarts, so that a new life ends the sessions of the old one at once; and differs from that of
     * another gateway of this host, or each would take the other for an earlier life of itself.
     */
    private static String nodeName(Settings settings) {
        int port = settings.mqtt().port();
        String dataDir = settings.dataDir().toAbsolutePath().normalize().toString();
        return Optional.ofNullable(settings.node().name())
                .orElseGet(() -> hostName() + '-' + (port == 0 ? Integer.toHexString(dataDir.hashCode()) : port));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    private static String listening(Map<String, Integer> ports) {
        StringBuilder text = new StringBuilder();
        for (String door : new String[] {"http", "management", "mqtt", "mqtts", "amqp", "amqps", "database"}) {
            if (ports.containsKey(door)) {
                text.append(text.isEmpty() ? "" : " ").append(door).append('=').append(ports.get(door));
            }
        }
        return text.toString();
    }
}
