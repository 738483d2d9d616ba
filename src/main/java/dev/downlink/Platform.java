// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Vert.x that the rooms of one process share. */
public final class Platform {
    private static final Logger LOGGER = LoggerFactory.getLogger(Platform.class);
    private static final Duration JOINING = Duration.ofSeconds(60);
    private static final Duration BLOCKED = Duration.ofSeconds(1);

    private static final String ALLOCATOR = "io.netty.allocator.type";

    private Platform() {}

    /** Before anything of Netty's is loaded: with its older allocator a command costs a tenth less (docs/performance.md). */
    static void tuneBuffers() {
        if (System.getProperty(ALLOCATOR) == null) {
            System.setProperty(ALLOCATOR, "pooled");
        }
    }

    /** Event loops: one per processor, and of every room that is busy one instance on each. */
    public static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Blocks while a cluster is joined. */
    static Vertx start(Settings settings, NodeIdentity node) {
        Transport transport = Transports.choose(settings.transport());
        LOGGER.info("sockets transport={}", transport.name());
        VertxBuilder builder = Vertx.builder().withTransport(transport);
        Vertx vertx = settings.cluster().enabled()
                ? clustered(builder, settings, node)
                : observed(builder.with(options()).build());
        Telemetry.of(vertx).gauge(MeterName.TRANSPORT, () -> 1, transport.name());
        return vertx;
    }

    /** A Vert.x of one event loop that is no member of a cluster, for commands and simulated devices. */
    public static Vertx small() {
        return ofLoops(1);
    }

    /** The same with more event loops. */
    public static Vertx ofLoops(int loops) {
        return observed(Vertx.builder()
                .withTransport(Transports.choose(Settings.Transport.AUTO))
                .with(options().setEventLoopPoolSize(loops))
                .build());
    }

    private static Vertx clustered(VertxBuilder builder, Settings settings, NodeIdentity node) {
        Clustering clustering = new Clustering(settings);
        HazelcastClusterManager manager = new HazelcastClusterManager(clustering.hazelcast(node));
        try {
            Vertx vertx = observed(builder.with(clustering.bus().in(options()))
                    .withClusterManager(manager)
                    .buildClustered()
                    .await(JOINING.toSeconds(), TimeUnit.SECONDS));
            Membership.watch(manager.getHazelcastInstance(), Bus.of(vertx), node);
            return vertx;
        } catch (TimeoutException e) {
            throw new IllegalStateException("no cluster could be joined in " + JOINING.toSeconds() + " s", e);
        }
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(loops())
                // there is one class loader, and no need to set it for each event
                .setDisableTCCL(true)
                .setMaxEventLoopExecuteTime(BLOCKED.toNanos())
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.NANOSECONDS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }

    private static Vertx observed(Vertx vertx) {
        // here, since to load its classes would keep an event loop for too long
        Telemetry _ = Telemetry.of(vertx);
        return vertx.exceptionHandler(e -> LOGGER.error("unexpected error on an event loop", e));
    }
}
