// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import com.hazelcast.config.Config;
import dev.downlink.config.Settings;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Vert.x that the rooms of one process share. */
final class Platform {
    private static final Logger LOGGER = LoggerFactory.getLogger(Platform.class);
    private static final Duration JOINING = Duration.ofSeconds(60);
    private static final Duration BLOCKED = Duration.ofSeconds(1);

    private Platform() {}

    /** Event loops: one per processor, and of every room that is busy one instance on each. */
    static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Blocks while a cluster is joined. */
    static Vertx start(Settings settings) {
        return settings.cluster().enabled() ? clustered() : observed(builder().build());
    }

    /** A Vert.x of one event loop that is no member of a cluster, for commands and simulated devices. */
    static Vertx small() {
        return observed(Vertx.builder().with(options().setEventLoopPoolSize(1)).build());
    }

    private static Vertx clustered() {
        try {
            return observed(builder()
                    .withClusterManager(new HazelcastClusterManager(loopback()))
                    .buildClustered()
                    .await(JOINING.toSeconds(), TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new IllegalStateException("no cluster could be joined in " + JOINING.toSeconds() + " s", e);
        }
    }

    /** Finds the nodes on this machine and no others: there is nothing yet that keeps strangers of a network out. */
    private static Config loopback() {
        Config config = new Config().setClusterName("downlink");
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false");
        var network = config.getNetworkConfig();
        network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        network.getJoin().getAutoDetectionConfig().setEnabled(false);
        network.getJoin().getMulticastConfig().setEnabled(false);
        network.getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
        return config;
    }

    private static VertxBuilder builder() {
        return Vertx.builder().with(options().setEventLoopPoolSize(loops()));
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setPreferNativeTransport(true)
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
