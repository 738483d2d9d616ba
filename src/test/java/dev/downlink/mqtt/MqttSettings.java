// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings to change in a test before the room starts. */
final class MqttSettings {
    Duration connectTimeout = Duration.ofSeconds(10);
    boolean anyKeepAlive;
    int maxConnections = 1000;
    int maxPacket = 1_100_000;
    int maxInflight = 16;
    int maxUnwritten = 1024 * 1024;
    int maxSubscriptions = 100;
    int maxUplinkRate = 50;
    int maxUplinkBytes = 2_000_000;
    int implicitQos = 1;
    boolean implicitSubscriptions = true;
    int maxFailedLogins = 1000;
    int maxFailedLoginsPerAddress = 1000;
    Path certificate;
    Path key;

    Settings build() {
        Settings.Mqtt mqtt = new Settings.Mqtt(
                0,
                connectTimeout,
                30,
                1200,
                anyKeepAlive,
                maxConnections,
                maxPacket,
                maxInflight,
                maxUnwritten,
                maxSubscriptions,
                maxUplinkRate,
                maxUplinkBytes,
                implicitQos,
                implicitSubscriptions,
                maxFailedLogins,
                maxFailedLoginsPerAddress,
                Duration.ofHours(1));
        return new Settings(
                "127.0.0.1",
                Path.of("data"),
                List.of(Settings.Role.MQTT),
                new Settings.Node("test"),
                new Settings.Http(0, 1024, Duration.ofMinutes(1), 100),
                mqtt,
                new Settings.Mqtts(0, certificate, key),
                new Settings.Commands(Duration.ofSeconds(20), Duration.ofSeconds(60), 10, 100),
                new Settings.Registry(100, Duration.ofMinutes(1)),
                new Settings.Database(null, null, 4, 100, Duration.ofSeconds(5), false),
                new Settings.Security(null, Duration.ofMinutes(15), Duration.ofHours(24), 10),
                new Settings.Cluster(false),
                new Settings.Bootstrap(null, null, null));
    }
}
