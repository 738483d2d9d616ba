// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.model.Channel;
import dev.downlink.model.Channel.Kind;
import dev.downlink.model.EventFormat;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code channel} and {@code channel_detail} of an action (northbound §6.1). */
final class ChannelFields {
    private static final String DETAIL = "channel_detail";
    private static final String PLAIN = "PLAIN";

    private ChannelFields() {}

    /** With its secret, if it needs one. */
    static Channel mandatory(Fields fields) {
        Kind kind = Kind.of("channel", fields.mandatoryText("channel"));
        Fields detail = fields.object(DETAIL);
        if (detail == null) {
            throw fields.missing(DETAIL);
        }
        Channel channel = read(kind, member(kind, detail));
        String secret = channel.secretField();
        if (secret != null && channel.secret() == null) {
            throw member(kind, detail).missing(secret);
        }
        return channel;
    }

    /** Of a change: null when neither of both is there. A secret may be left out. */
    static @Nullable Channel optional(Fields fields) {
        String channel = fields.text("channel");
        Fields detail = fields.object(DETAIL);
        if (detail == null) {
            if (channel != null) {
                throw fields.wrong(DETAIL, "must come with channel");
            }
            return null;
        }
        Kind kind = channel == null ? only(detail) : Kind.of("channel", channel);
        return read(kind, member(kind, detail));
    }

    private static Kind only(Fields detail) {
        return Arrays.stream(Kind.values())
                .filter(kind -> detail.has(kind.member()))
                .findFirst()
                .orElseThrow(() -> new InvalidField("channel", "is mandatory"));
    }

    /** The one member that describes the channel. */
    private static Fields member(Kind kind, Fields detail) {
        Fields member = detail.object(kind.member());
        if (member == null) {
            throw detail.missing(kind.member());
        }
        for (Kind other : Kind.values()) {
            if (other != kind && detail.has(other.member())) {
                throw detail.wrong(other.member(), "must not be there when the channel is " + kind.name());
            }
        }
        return member;
    }

    private static Channel read(Kind kind, Fields fields) {
        return switch (kind) {
            case HTTP_FORWARDING -> http(fields);
            case AMQP_FORWARDING -> fields.mandatory("queue_name", Channel.Amqp::new);
            case DMS_KAFKA_FORWARDING -> kafka(fields);
            case MRS_KAFKA_FORWARDING -> mapReduceKafka(fields);
            case OBS_FORWARDING -> storage(fields);
        };
    }

    private static Channel http(Fields fields) {
        String url = fields.mandatoryText("url");
        String certificate = fields.text("cert_id");
        String serverName = fields.text("cn_name");
        boolean sni = fields.bool("sni_enable", false);
        boolean signed = fields.bool("signature_enable", false);
        Secret token = secret(fields, "token");
        EventFormat format = format(fields);
        return fields.inside(() -> new Channel.Http(url, certificate, serverName, sni, signed, token, format));
    }

    /** With a user and no mechanism the plain one is meant, without a user none. */
    private static Channel kafka(Fields fields) {
        String region = fields.mandatoryText("region_name");
        String project = fields.mandatoryText("project_id");
        List<Channel.NetAddress> addresses = addresses(fields);
        String topic = fields.mandatoryText("topic");
        String user = fields.text("username");
        Secret password = secret(fields, "password");
        String given = fields.text("mechanism");
        String mechanism = given == null && user != null ? PLAIN : given;
        String protocol = fields.text("security_protocol");
        EventFormat format = format(fields);
        return fields.inside(() -> new Channel.Kafka(
                Kind.DMS_KAFKA_FORWARDING,
                region,
                project,
                addresses,
                topic,
                user,
                password,
                mechanism,
                protocol == null ? user == null ? "PLAINTEXT" : "SASL_SSL" : protocol,
                format));
    }

    private static Channel mapReduceKafka(Fields fields) {
        List<Channel.NetAddress> addresses = addresses(fields);
        String topic = fields.mandatoryText("topic");
        if (fields.bool("kerberos_authentication", false)) {
            throw fields.wrong("kerberos_authentication", "must be false: this gateway does not log in by Kerberos");
        }
        EventFormat format = format(fields);
        return fields.inside(() -> new Channel.Kafka(
                Kind.MRS_KAFKA_FORWARDING, null, null, addresses, topic, null, null, null, "PLAINTEXT", format));
    }

    private static List<Channel.NetAddress> addresses(Fields fields) {
        if (!fields.has("addresses")) {
            throw fields.missing("addresses");
        }
        List<Channel.NetAddress> addresses = new ArrayList<>();
        for (Fields address : fields.objects("addresses")) {
            addresses.add(address(address));
        }
        return addresses;
    }

    private static Channel.NetAddress address(Fields fields) {
        String ip = fields.text("ip");
        String domain = fields.text("domain");
        Integer port = fields.integer("port");
        if (port == null) {
            throw fields.missing("port");
        }
        if ((ip == null) == (domain == null)) {
            throw fields.wrong("ip", "or domain must be there, and not both");
        }
        return fields.inside(() -> new Channel.NetAddress(ip == null ? String.valueOf(domain) : ip, port));
    }

    private static Channel storage(Fields fields) {
        String region = fields.mandatoryText("region_name");
        String project = fields.mandatoryText("project_id");
        String bucket = fields.mandatoryText("bucket_name");
        String location = fields.text("location");
        String path = fields.text("file_path");
        String endpoint = fields.text("endpoint");
        String key = fields.text("access_key");
        Secret secret = secret(fields, "secret_key");
        return fields.inside(() -> new Channel.Storage(region, project, bucket, location, path, endpoint, key, secret));
    }

    private static @Nullable Secret secret(Fields fields, String name) {
        String text = fields.text(name);
        return text == null ? null : new Secret(text);
    }

    private static EventFormat format(Fields fields) {
        EventFormat format = fields.text("format", EventFormat::of);
        return format == null ? EventFormat.DOCUMENTED : format;
    }
}
