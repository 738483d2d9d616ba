// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How events are sent, and where to (northbound §6.1). Each kind has at most one secret. */
public sealed interface Channel {

    Kind kind();

    @Nullable
    Secret secret();

    /** The same with another secret. */
    Channel withSecret(@Nullable Secret secret);

    EventFormat format();

    /** The channels that this gateway has, as the contract spells them. */
    enum Kind {
        HTTP_FORWARDING,
        AMQP_FORWARDING,
        DMS_KAFKA_FORWARDING,
        MRS_KAFKA_FORWARDING,
        OBS_FORWARDING
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
        @Override
        public Kind kind() {
            return Kind.HTTP_FORWARDING;
        }

        @Override
        public Http withSecret(@Nullable Secret changed) {
            return new Http(url, certificate, serverName, sni, signed, changed, format);
        }
    }

    /** A queue of this gateway, of the rule's project. */
    record Amqp(String queue) implements Channel {
        @Override
        public Kind kind() {
            return Kind.AMQP_FORWARDING;
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
        @Override
        public Kind kind() {
            return Kind.OBS_FORWARDING;
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
    record NetAddress(String host, int port) {}
}
