// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.config.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;

/** Tries the ports before anything is started, so that a taken one is told at once and by its name. */
public final class Listening {
    private final String host;

    public Listening(String host) {
        this.host = host;
    }

    /** @throws PortTakenException naming the first port that cannot be had */
    static void check(Settings settings) {
        Listening listening = new Listening(settings.host());
        new Listening(settings.managementHost()).check("management.port", settings.managementPort());
        if (settings.roles().contains(Settings.Role.HTTP)) {
            listening.check("http.port", settings.http().port());
        }
        if (settings.roles().contains(Settings.Role.MQTT)) {
            listening.check("mqtt.port", settings.mqtt().port());
            if (settings.mqtts().certificate() != null) {
                listening.check("mqtts.port", settings.mqtts().port());
            }
        }
        if (settings.roles().contains(Settings.Role.AMQP)) {
            listening.check("amqp.port", settings.amqpPort());
            if (settings.amqps().certificate() != null) {
                listening.check("amqps.port", settings.amqps().port());
            }
        }
        if (settings.cluster().enabled()) {
            checkCluster(settings);
        }
    }

    private static void checkCluster(Settings settings) {
        Listening listening = new Listening(new Clustering(settings).bind());
        if (!settings.clusterIsLocal()) {
            listening.check("cluster.port", settings.cluster().port());
        }
        listening.check("cluster.bus_port", settings.cluster().busPort());
    }

    /** Whether this port can be had now. */
    public boolean free(int port) {
        try {
            bind(port);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether a start failed since an address could not be had; native transports have an exception of their own. */
    static boolean isBindFailure(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof BindException
                        || String.valueOf(cause.getMessage()).startsWith("bind(..) failed"));
    }

    private void check(String key, int port) {
        try {
            bind(port);
        } catch (IOException e) {
            throw new PortTakenException(key + ": cannot listen on " + host + " port " + port + ": " + e.getMessage());
        }
    }

    private void bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        }
    }
}
