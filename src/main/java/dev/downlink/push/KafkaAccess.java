// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * How a topic is reached. A record is given up after {@code push.timeout}: a third of it may be spent until it is known where the
 * topic is, the rest until the record is there.
 *
 * @param idle after which a producer that sends nothing is closed; longer than the time of a record
 */
record KafkaAccess(Channel.Kafka channel, Settings.Push settings, AddressFence fence, Duration idle) {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration MAX_BLOCK = Duration.ofSeconds(5);
    private static final int BATCH_BYTES = 64 << 10;
    /** More than brokers take unless they are told to, so it is they who decide. */
    private static final int MAX_RECORD_BYTES = 8 << 20;

    private static final AtomicLong COUNT = new AtomicLong();

    static KafkaAccess of(Channel.Kafka channel, Settings.Push settings, AddressFence fence) {
        return new KafkaAccess(channel, settings, fence, settings.timeout().plus(IDLE));
    }

    /** Looks up names and reads files, so not on an event loop. */
    Producer<String, byte[]> open() {
        channel.addresses().forEach(address -> check(address.host()));
        Map<String, Object> properties = new HashMap<>();
        properties.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                addresses(channel.addresses()).collect(Collectors.joining(",")));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "downlink-" + COUNT.incrementAndGet());
        addPromises(properties);
        addTimes(properties);
        addLogin(properties);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Of a name that leads nowhere the client itself tells. */
    private void check(String host) {
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(host);
        } catch (UnknownHostException _) {
            return;
        }
        for (InetAddress address : found) {
            fence.against(address).ifPresent(network -> {
                throw new KafkaException(address.getHostAddress() + " is in " + network + ", where pushes may not go");
            });
        }
    }

    /** How long it may take to know where the topic is. */
    Duration maxBlock() {
        Duration third = settings.timeout().dividedBy(3);
        return third.compareTo(MAX_BLOCK) < 0 ? third : MAX_BLOCK;
    }

    /** Each with its port, as Kafka's client reads them. */
    static Stream<String> addresses(List<Channel.NetAddress> addresses) {
        return addresses.stream().map(a -> (a.host().contains(":") ? '[' + a.host() + ']' : a.host()) + ':' + a.port());
    }

    /** One request at a time to a broker, so that nothing of a device is under way behind something that may yet fail. */
    private static void addPromises(Map<String, Object> properties) {
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * MAX_RECORD_BYTES);
        properties.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        properties.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    }

    private void addTimes(Map<String, Object> properties) {
        long block = maxBlock().toMillis();
        int delivery = (int) (settings.timeout().toMillis() - block);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, block);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, Math.min(5, delivery / 10));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, delivery / 2);
        // so that a host that does not answer leaves time for the next
        properties.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, block / 3);
        properties.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, block / 2);
    }

    private void addLogin(Map<String, Object> properties) {
        properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, channel.protocol());
        if (channel.protocol().endsWith("SSL")) {
            TrustFile.find(
                            settings.certificates(),
                            "kafka",
                            channel.addresses().getFirst().host())
                    .ifPresent(file -> {
                        properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
                        properties.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, file.toString());
                    });
        }
        if (channel.username() != null) {
            boolean isScram =
                    Objects.requireNonNullElse(channel.mechanism(), "PLAIN").startsWith("SCRAM");
            properties.put(SaslConfigs.SASL_MECHANISM, isScram ? channel.mechanism() : "PLAIN");
            properties.put(SaslConfigs.SASL_JAAS_CONFIG, login(isScram, channel.username(), channel.secret()));
        }
    }

    private static String login(boolean isScram, String username, @Nullable Secret secret) {
        String module = isScram ? "scram.ScramLoginModule" : "plain.PlainLoginModule";
        String password = secret == null ? "" : secret.value();
        return "org.apache.kafka.common.security." + module + " required username=" + quoted(username) + " password="
                + quoted(password) + ';';
    }

    /** No text may end its quotes and add options of its own. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                out.append(String.format("\\%03o", (int) c));
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
