// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import dev.downlink.bus.BusNetwork;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a node meets the others. Hazelcast knows who is there; requests and events go over TCP connections of the event bus.
 * Neither checks who connects, so both ports belong into a private network.
 */
final class Clustering {
    static final String NODE = "downlink.node";
    static final String NAME = "downlink.name";

    private static final String LOOPBACK = "127.0.0.1";
    /** Besides those of Hazelcast and the JDK, the only objects that members may send each other. */
    private static final ClassFilter OBJECTS = new ClassFilter().addPrefixes("io.vertx.spi.cluster.hazelcast.");

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.wait.seconds.before.join", "1"),
            // a process that dies is noticed by its closed connection, a host that dies by its silence
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", "10"),
            // nodes that started apart, or were cut off from each other, find together soon
            Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "10"),
            Map.entry("hazelcast.tcp.join.port.try.count", "8"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "10"));

    private final Settings settings;
    private final Settings.Cluster cluster;
    private final InetAddress address;

    Clustering(Settings settings) {
        this.settings = settings;
        this.cluster = settings.cluster();
        this.address = address(settings);
    }

    Config hazelcast(NodeIdentity node) {
        Config config = new Config().setClusterName(name());
        PROPERTIES.forEach(config::setProperty);
        config.setProperty("hazelcast.socket.bind.any", Boolean.toString(!isOwn()));
        config.getMetricsConfig().setEnabled(false);
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig().setWhitelist(OBJECTS));
        config.getMemberAttributeConfig()
                .setAttribute(NODE, Integer.toString(node.id()))
                .setAttribute(NAME, node.name());
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(cluster.port()).setPortAutoIncrement(settings.clusterIsLocal());
        if (isOwn()) {
            network.getInterfaces().setEnabled(true).addInterface(address.getHostAddress());
        } else {
            network.setPublicAddress(address.getHostAddress());
        }
        join(network.getJoin());
        return config;
    }

    private void join(JoinConfig join) {
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        if (cluster.dns() == null) {
            join.getTcpIpConfig().setEnabled(true).setMembers(members());
        } else {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", cluster.dns())
                    .setProperty("service-port", Integer.toString(cluster.port()));
        }
    }

    private List<String> members() {
        return cluster.members() == null ? List.of(LOOPBACK) : cluster.members();
    }

    BusNetwork bus() {
        return new BusNetwork(bind(), address.getHostAddress(), cluster.busPort());
    }

    /** The address that both ports listen on. */
    String bind() {
        return isOwn() ? address.getHostAddress() : settings.host();
    }

    /** Nodes meet only under the same name, so the secret is part of it; whoever can read the traffic can read the name. */
    private String name() {
        Secret secret = cluster.secret();
        return secret == null ? cluster.name() : cluster.name() + '-' + mac(secret, cluster.name());
    }

    private static String mac(Secret secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Whether the address is one of this machine's, and not that of something in front of it. */
    private boolean isOwn() {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the network", e);
        }
    }

    private static InetAddress address(Settings settings) {
        String given = settings.cluster().host() == null
                ? settings.host()
                : settings.cluster().host();
        try {
            InetAddress found = InetAddress.getByName(given);
            return found.isAnyLocalAddress() ? InetAddress.getLocalHost() : found;
        } catch (IOException e) {
            throw new UncheckedIOException("cluster.host: " + given + " has no address", e);
        }
    }
}
