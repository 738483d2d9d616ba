// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How events are sent, and where to (northbound §6.1). Each kind has at most one secret, which may be missing where the
 * channel is only shown.
 */
public sealed interface Channel {
    int MAX_URL = 1024;
    int MAX_ADDRESSES = 20;

    Kind kind();

    @Nullable
    Secret secret();

    /** The contract's name of the secret that there has to be to use the channel; null: none. */
    @Nullable
    String secretField();

    /** Whoever gets to see the secret; the same for two channels that lead to the same. */
    String destination();

    /** The same with another secret. */
    Channel withSecret(@Nullable Secret secret);

    EventFormat format();

    /** The channels that this gateway has, as the contract spells them. */
    enum Kind {
        HTTP_FORWARDING,
        AMQP_FORWARDING,
        DMS_KAFKA_FORWARDING,
        MRS_KAFKA_FORWARDING,
        OBS_FORWARDING;

        /** @throws InvalidField for a channel that this gateway does not have */
        public static Kind of(String field, String text) {
            for (Kind kind : values()) {
                if (kind.name().equals(text)) {
                    return kind;
                }
            }
            throw new InvalidField(
                    field,
                    "must be one of the channels that this gateway has: "
                            + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", ")));
        }

        /** Name of the member of {@code channel_detail} that describes such a channel. */
        public String member() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A POST for each event.
     *
     * @param certificate name of a file with the certificates to trust, see the settings
     * @param serverName expected in the server's certificate
     * @param secret signs the pushes; null: they are not signed
     */
    record Http(
            String url,
            @Nullable String certificate,
            @Nullable String serverName,
            boolean sni,
            boolean signed,
            @Nullable Secret secret,
            EventFormat format)
            implements Channel {
        public Http {
            ChannelRules.url("url", url);
            ChannelRules.certificate(certificate);
            ChannelRules.serverName(serverName, sni);
            ChannelRules.token(secret, signed);
        }

        @Override
        public Kind kind() {
            return Kind.HTTP_FORWARDING;
        }

        @Override
        public @Nullable String secretField() {
            return signed ? "token" : null;
        }

        @Override
        public String destination() {
            return url;
        }

        @Override
        public Http withSecret(@Nullable Secret changed) {
            return new Http(url, certificate, serverName, sni, signed, changed, format);
        }
    }

    /** A queue of this gateway, of the rule's project. */
    record Amqp(String queue) implements Channel {
        public Amqp {
            AmqpQueue.checkName(queue);
        }

        @Override
        public Kind kind() {
            return Kind.AMQP_FORWARDING;
        }

        @Override
        public @Nullable String secretField() {
            return null;
        }

        @Override
        public String destination() {
            return queue;
        }

        @Override
        public @Nullable Secret secret() {
            return null;
        }

        @Override
        public Amqp withSecret(@Nullable Secret changed) {
            return this;
        }

        @Override
        public EventFormat format() {
            return EventFormat.DOCUMENTED;
        }
    }

    /**
     * A topic; the key of a record is the device id.
     *
     * @param kind one of the two kinds of Kafka
     * @param region as it came
     * @param projectId as it came
     * @param secret the password
     * @param mechanism PAAS, PLAIN or SCRAM-SHA-512; null: without login
     * @param protocol SASL_SSL or SASL_PLAINTEXT, without login SSL or PLAINTEXT
     */
    record Kafka(
            Kind kind,
            @Nullable String region,
            @Nullable String projectId,
            List<NetAddress> addresses,
            String topic,
            @Nullable String username,
            @Nullable Secret secret,
            @Nullable String mechanism,
            String protocol,
            EventFormat format)
            implements Channel {
        public Kafka {
            addresses = List.copyOf(addresses);
            if (kind == Kind.DMS_KAFKA_FORWARDING) {
                Text.upTo("region_name", Text.present("region_name", region), 256);
                Text.upTo("project_id", Text.present("project_id", projectId), 256);
            }
            ChannelRules.addresses(addresses);
            ChannelRules.topic(topic);
            ChannelRules.login(username, secret, mechanism, protocol);
        }

        @Override
        public @Nullable String secretField() {
            return username == null ? null : "password";
        }

        @Override
        public String destination() {
            return username + "@" + addresses;
        }

        @Override
        public Kafka withSecret(@Nullable Secret changed) {
            return new Kafka(kind, region, projectId, addresses, topic, username, changed, mechanism, protocol, format);
        }
    }

    /**
     * Files in a bucket, of many events each.
     *
     * @param location of the bucket, as it came
     * @param filePath template of the files' names; null: the one of the settings
     * @param endpoint of the storage; null: that of the settings, and so are the keys
     * @param secret the secret key
     */
    record Storage(
            String region,
            String projectId,
            String bucket,
            @Nullable String location,
            @Nullable String filePath,
            @Nullable String endpoint,
            @Nullable String accessKey,
            @Nullable Secret secret)
            implements Channel {
        public Storage {
            Text.upTo("region_name", Text.present("region_name", region), 256);
            Text.upTo("project_id", Text.present("project_id", projectId), 256);
            ChannelRules.bucket(bucket);
            Text.optional("location", location, 256);
            ChannelRules.path(filePath);
            if (endpoint != null) {
                ChannelRules.url("endpoint", endpoint);
            }
            ChannelRules.keys(accessKey, secret);
        }

        @Override
        public Kind kind() {
            return Kind.OBS_FORWARDING;
        }

        @Override
        public @Nullable String secretField() {
            return accessKey == null ? null : "secret_key";
        }

        @Override
        public String destination() {
            return accessKey + "@" + endpoint;
        }

        @Override
        public Storage withSecret(@Nullable Secret changed) {
            return new Storage(region, projectId, bucket, location, filePath, endpoint, accessKey, changed);
        }

        @Override
        public EventFormat format() {
            return EventFormat.DOCUMENTED;
        }
    }

    /** @param host an address or a name */
    record NetAddress(String host, int port) {
        public NetAddress {
            ChannelRules.host("ip", host);
            Text.range("port", port, 1, 65_535);
        }
    }
}
