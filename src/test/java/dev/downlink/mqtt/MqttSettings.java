// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.config.Settings;
import dev.downlink.config.Settings.Messages.DeliveredOn;
import dev.downlink.support.TestSettings;
import java.nio.file.Path;
import java.time.Duration;

/** Settings to change in a test before the room starts. */
final class MqttSettings {
    Duration connectTimeout = Duration.ofSeconds(10);
    boolean anyKeepAlive;
    int maxConnections = 1000;
    int maxPacket = 1_100_000;
    int maxInflight = 16;
    int maxWaiting = 100;
    int maxUnwritten = 1024 * 1024;
    int maxSubscriptions = 100;
    int maxUplinkRate = 50;
    int maxUplinkBytes = 2_000_000;
    int implicitQos = 1;
    boolean implicitSubscriptions = true;
    int maxFailedLogins = 1000;
    int maxFailedLoginsPerAddress = 1000;
    DeliveredOn deliveredOn = DeliveredOn.PUBACK;
    Duration resendInterval = Duration.ofSeconds(2);
    int maxSends = 3;
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
                maxWaiting,
                maxUnwritten,
                maxSubscriptions,
                maxUplinkRate,
                maxUplinkBytes,
                implicitQos,
                implicitSubscriptions,
                maxFailedLogins,
                maxFailedLoginsPerAddress,
                Duration.ofHours(1));
        Settings rest = TestSettings.of();
        return new Settings(
                rest.host(),
                rest.dataDir(),
                rest.roles(),
                rest.transport(),
                rest.node(),
                rest.http(),
                rest.management(),
                mqtt,
                new Settings.Mqtts(0, certificate, key),
                rest.commands(),
                new Settings.Messages(
                        deliveredOn,
                        rest.messages().maxWait(),
                        rest.messages().maxSize(),
                        rest.messages().maxTtl(),
                        rest.messages().maxPerDevice(),
                        rest.messages().whenFull(),
                        resendInterval,
                        maxSends),
                rest.registry(),
                rest.database(),
                rest.security(),
                rest.cluster(),
                rest.log(),
                rest.bootstrap(),
                rest.shadow(),
                rest.status(),
                rest.push(),
                rest.storage(),
                rest.amqp(),
                rest.amqps());
    }
}
