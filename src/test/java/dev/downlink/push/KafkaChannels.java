// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.model.Secret;
import java.util.List;

/** Channels to topics. */
final class KafkaChannels {
    private KafkaChannels() {}

    /** Without login and TLS. */
    static Channel.Kafka of(String topic, String host, int port) {
        return of(topic, host, port, null, null, null, "PLAINTEXT");
    }

    static Channel.Kafka of(
            String topic, String host, int port, String user, Secret password, String mechanism, String protocol) {
        return new Channel.Kafka(
                Channel.Kind.DMS_KAFKA_FORWARDING,
                "region",
                "project",
                List.of(new Channel.NetAddress(host, port)),
                topic,
                user,
                password,
                mechanism,
                protocol,
                EventFormat.DOCUMENTED);
    }
}
