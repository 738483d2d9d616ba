// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import dev.downlink.model.MessageCache;
import dev.downlink.model.Product;
import dev.downlink.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that can be set. Each component is a key of {@code conf/downlink.yaml} in snake case and a variable
 * {@code DOWNLINK_…}; the file documents unit and default of each.
 */
public record Settings(
        String host,
        Path dataDir,
        List<Role> roles,
        Transport transport,
        Node node,
        Http http,
        Management management,
        Mqtt mqtt,
        Mqtts mqtts,
        Commands commands,
        Messages messages,
        Registry registry,
        Database database,
        Security security,
        Cluster cluster,
        Log log,
        Bootstrap bootstrap,
        Shadow shadow,
        Status status,
        Push push,
        Storage storage,
        Amqp amqp,
        Amqps amqps) {

    /** Whether the other nodes of the cluster can only be on this machine. */
    public boolean clusterIsLocal() {
        String at = cluster.host == null ? host : cluster.host;
        return at.equals("localhost") || at.equals("::1") || at.startsWith("127.");
    }

    /** The same with another database. */
    public Settings withDatabaseUri(Secret uri) {
        Database changed = new Database(
                uri,
                database.password,
                database.poolSize,
                database.batchSize,
                database.groupCommit,
                database.statementTimeout,
                database.migrate);
        return new Settings(
                host,
                dataDir,
                roles,
                transport,
                node,
                http,
                management,
                mqtt,
                mqtts,
                commands,
                messages,
                registry,
                changed,
                security,
                cluster,
                log,
                bootstrap,
                shadow,
                status,
                push,
                storage,
                amqp,
                amqps);
    }

    /** The same with other doors. */
    public Settings withDoors(
            List<Role> open, int httpPort, int managementPort, int mqttPort, Mqtts changedMqtts, int amqpPort) {
        return new Settings(
                host,
                dataDir,
                open,
                transport,
                node,
                http.withPort(httpPort),
                new Management(management.host, managementPort),
                mqtt.withPort(mqttPort),
                changedMqtts,
                commands,
                messages,
                registry,
                database,
                security,
                cluster,
                log,
                bootstrap,
                shadow,
                status,
                push,
                storage,
                amqp.withPort(amqpPort),
                amqps);
    }

    /** A second gateway on a machine is started with free ports for its doors, and then takes a free one here too. */
    public int managementPort() {
        return freeBesideOthers(management.port(), Management.USUAL_PORT);
    }

    /** Likewise. */
    public int amqpPort() {
        return freeBesideOthers(amqp.port(), Amqp.USUAL_PORT);
    }

    private int freeBesideOthers(int port, int usual) {
        return http.port() == 0 && port == usual ? 0 : port;
    }

    /** The address that the management port listens on. */
    public String managementHost() {
        return management.host == null ? host : management.host;
    }

    /** Which doors a process opens; the rooms behind them always run. */
    public enum Role {
        HTTP,
        MQTT,
        AMQP
    }

    /** The way to the kernel that sockets take. */
    public enum Transport {
        /** epoll on Linux, else what Java has. */
        AUTO,
        /** io_uring, or as {@link #AUTO} where it cannot be had. */
        IO_URING
    }

    /** @param name stays the same over restarts, for example the pod's name; host and MQTT port when absent */
    public record Node(@Nullable String name) {}

    /**
     * @param port 0 takes a free one
     * @param maxBody in bytes; larger bodies are refused before they are read whole
     * @param idleTimeout closes connections without traffic; longer than a command may take
     * @param maxInHand requests in work at a time, per event loop
     */
    public record Http(int port, int maxBody, Duration idleTimeout, int maxInHand) {
        Http withPort(int changed) {
            return new Http(changed, maxBody, idleTimeout, maxInHand);
        }
    }

    /**
     * Where the process is watched, without any login.
     *
     * @param host that of the other ports when absent
     * @param port 0 takes a free one, as does the usual one when the port of HTTP is 0
     */
    public record Management(@Nullable String host, int port) {
        static final int USUAL_PORT = 8090;
    }

    /**
     * @param connectTimeout how long a new connection may take to send CONNECT
     * @param keepAliveMin in seconds; a shorter one is refused (southbound §1.1)
     * @param keepAliveMax likewise
     * @param anyKeepAlive takes every keep alive, also none, as embedded test clients need it
     * @param maxConnections per node
     * @param maxPacket largest packet from a device, in bytes
     * @param maxInflight QoS 1 messages to a device that are not yet acknowledged
     * @param maxWaiting QoS 1 messages to a device that wait for room among those
     * @param maxUnwritten bytes to a device that its socket has not yet taken
     * @param maxSubscriptions per connection
     * @param maxUplinkRate PUBLISH packets a second from one connection
     * @param maxUplinkBytes bytes a second from one connection
     * @param implicitQos of system topics that the device did not subscribe, 0 or 1
     * @param implicitSubscriptions off: system topics too are only sent to devices that subscribed them
     * @param maxFailedLogins per device, network address and minute, then its logins from there are refused unchecked for
     *     a minute
     * @param maxFailedLoginsPerAddress likewise for a network address
     * @param timestampTolerance of sign type 1
     */
    public record Mqtt(
            int port,
            Duration connectTimeout,
            int keepAliveMin,
            int keepAliveMax,
            boolean anyKeepAlive,
            int maxConnections,
            int maxPacket,
            int maxInflight,
            int maxWaiting,
            int maxUnwritten,
            int maxSubscriptions,
            int maxUplinkRate,
            int maxUplinkBytes,
            int implicitQos,
            boolean implicitSubscriptions,
            int maxFailedLogins,
            int maxFailedLoginsPerAddress,
            Duration timestampTolerance) {
        Mqtt withPort(int changed) {
            return new Mqtt(
                    changed,
                    connectTimeout,
                    keepAliveMin,
                    keepAliveMax,
                    anyKeepAlive,
                    maxConnections,
                    maxPacket,
                    maxInflight,
                    maxWaiting,
                    maxUnwritten,
                    maxSubscriptions,
                    maxUplinkRate,
                    maxUplinkBytes,
                    implicitQos,
                    implicitSubscriptions,
                    maxFailedLogins,
                    maxFailedLoginsPerAddress,
                    timestampTolerance);
        }
    }

    /** @param certificate PEM chain; without one there is no TLS port */
    public record Mqtts(
            int port, @Nullable Path certificate, @Nullable Path key) {}

    /**
     * @param timeout how long a device has to answer
     * @param maxTimeout the most that a caller may ask for by header
     * @param maxPerDevice calls that wait for one device
     * @param maxTotal calls that wait, per node
     */
    public record Commands(Duration timeout, Duration maxTimeout, int maxPerDevice, int maxTotal) {}

    /**
     * @param deliveredOn what makes a message DELIVERED
     * @param maxWait how long a request to send one waits for that before it is answered with PENDING
     * @param maxSize of a message's content, in bytes
     * @param maxTtl the longest time that one may wait for its device
     * @param maxPerDevice kept for one device, unless its product says otherwise
     * @param whenFull what happens when there are more, likewise
     * @param resendInterval how long a device that speaks MQTT 3 may take to acknowledge one before it is sent again; zero: never
     *     on the same connection
     * @param maxSends how often it is sent on one connection
     */
    public record Messages(
            DeliveredOn deliveredOn,
            Duration maxWait,
            int maxSize,
            Duration maxTtl,
            int maxPerDevice,
            MessageCache.Overflow whenFull,
            Duration resendInterval,
            int maxSends) {
        /** When a message with QoS 1 counts as delivered; with QoS 0 it does when it is written. */
        public enum DeliveredOn {
            /** When it is written to the device's connection, as the cloud has it (southbound §4). */
            WRITE,
            /** When the device has acknowledged it. */
            PUBACK
        }

        /** How much is kept for the devices of a product: as it says itself, else what is set for all. */
        public MessageCache cacheOf(Product product) {
            MessageCache own = product.messageCache();
            return own == null ? new MessageCache(maxPerDevice, whenFull) : own;
        }
    }

    /**
     * @param cacheSize devices kept in memory per event loop
     * @param cacheTime after which a cached record is read again even if no change was announced
     */
    public record Registry(int cacheSize, Duration cacheTime) {
        private static final int PART = 10;

        /** How long a room may remember an answer of the registry's that the registry had in memory for {@link #ownTime} at most. */
        public Duration rememberedTime() {
            return cacheTime.dividedBy(PART);
        }

        /** How long the registry itself keeps what other rooms remember: both together stay within {@link #cacheTime}. */
        public Duration ownTime() {
            return cacheTime.minus(rememberedTime());
        }
    }

    /**
     * @param uri {@code postgresql://user:password@host:port/database}; absent: an embedded server in the data directory
     * @param password wins over the one in the URI
     * @param batchSize rows of one batched statement
     * @param groupCommit off: each row in a statement and commit of its own, to compare
     * @param migrate whether a start brings the schema up to date by itself
     */
    public record Database(
            @Nullable Secret uri,
            @Nullable Secret password,
            int poolSize,
            int batchSize,
            boolean groupCommit,
            Duration statementTimeout,
            boolean migrate) {}

    /**
     * @param masterKey 32 bytes in Base64 that encrypt secrets in the database; absent: made once and kept in the data directory
     * @param clockWindow how far a request's signature time may be off
     */
    public record Security(
            @Nullable Secret masterKey, Duration clockWindow, Duration tokenLifetime, int maxFailedPasswords) {}

    /**
     * @param name of the cluster; nodes of different names do not meet
     * @param secret which all nodes share, so that only they meet
     * @param host where the others reach this node; absent: {@link Settings#host}, or the host's own address when that is all
     * @param port of the members' talk of who is there
     * @param busPort of the requests and events between nodes; 0 takes a free one
     * @param members where other nodes may be, each {@code host} or {@code host:port}
     * @param dns a name whose addresses are those of the nodes
     */
    public record Cluster(
            boolean enabled,
            String name,
            @Nullable Secret secret,
            @Nullable String host,
            int port,
            int busPort,
            @Nullable List<String> members,
            @Nullable String dns) {}

    public record Log(Format format) {
        /** How a line of the log is written. */
        public enum Format {
            TEXT,
            JSON
        }
    }

    /** A project and key that are made at start when they do not exist. */
    public record Bootstrap(
            @Nullable String project,
            @Nullable String accessKey,
            @Nullable Secret secretKey) {}

    /**
     * @param flushInterval how long reported values gather before they are written; zero: a report is acknowledged when it
     *     is written
     * @param maxWaiting reported values that may wait to be written, per event loop; a long one counts once more for each KiB
     */
    public record Shadow(Duration flushInterval, int maxWaiting) {}

    /** @param debounce how long a device has to stay away before rules hear that it is off line; zero: at once */
    public record Status(Duration debounce) {}

    /**
     * How events are sent to applications.
     *
     * @param timeout of one push over HTTP
     * @param maxInHand events of one action or queue that are in memory, per event loop
     * @param maxInFlight pushes of one action over HTTP at a time, per event loop
     * @param maxFailures in a row, then only one event at a time is tried
     * @param probeInterval at which that is done
     * @param maxRefusals of one event that others would have got past, then it is a dead letter
     * @param maxDeadLetters kept of one action or queue
     * @param testOnActivation whether a rule can only be made active when its actions lead somewhere
     * @param allow networks that pushes may go to although {@code deny} has them
     * @param deny networks that pushes may not go to
     * @param certificates directory of PEM files; a {@code cert_id} names one of them
     */
    public record Push(
            Duration timeout,
            int maxInHand,
            int maxInFlight,
            int maxFailures,
            Duration probeInterval,
            int maxRefusals,
            int maxDeadLetters,
            boolean testOnActivation,
            @Nullable List<String> allow,
            @Nullable List<String> deny,
            @Nullable Path certificates) {}

    /**
     * The object storage that actions write to unless they name one.
     *
     * @param endpoint URL
     * @param fileSize a file is written when so many bytes have gathered
     * @param fileInterval or when its first event has waited so long
     * @param filePath template of the names of directories
     */
    public record Storage(
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable String accessKey,
            @Nullable Secret secretKey,
            int fileSize,
            Duration fileInterval,
            String filePath) {}

    /**
     * The door for consumers of queues.
     *
     * @param port 0 takes a free one, as does the usual one when the port of HTTP is 0
     * @param maxConnections per node
     * @param maxLinks receivers of one connection
     * @param maxCredit events that one receiver may have not yet settled
     * @param loginWindow how far the timestamp of a login may be off
     */
    public record Amqp(int port, int maxConnections, int maxLinks, int maxCredit, Duration loginWindow) {
        static final int USUAL_PORT = 5672;

        Amqp withPort(int changed) {
            return new Amqp(changed, maxConnections, maxLinks, maxCredit, loginWindow);
        }
    }

    /** @param certificate PEM chain; without one there is no TLS port */
    public record Amqps(
            int port, @Nullable Path certificate, @Nullable Path key) {}
}
