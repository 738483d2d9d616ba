// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** An action's channel in the columns channel, detail and secret: JSON of its components, the secret sealed and apart. */
record ChannelColumns(Vault vault) {

    static String detail(Channel channel) {
        return Documents.write(channel.withSecret(null));
    }

    @Nullable
    String secret(Channel channel) {
        Secret secret = channel.secret();
        return secret == null ? null : vault.seal(secret);
    }

    /** @throws RuntimeException for a channel of a later version, or a secret that another key sealed */
    Channel channel(Row row) {
        Channel channel = read(Channel.Kind.valueOf(Rows.text(row, "channel")), Rows.text(row, "detail"));
        String sealed = Rows.optional(row, "secret");
        return sealed == null ? channel : channel.withSecret(vault.open(sealed));
    }

    private static Channel read(Channel.Kind kind, String detail) {
        return switch (kind) {
            case HTTP_FORWARDING -> Documents.read(detail, Channel.Http.class);
            case AMQP_FORWARDING -> Documents.read(detail, Channel.Amqp.class);
            case DMS_KAFKA_FORWARDING, MRS_KAFKA_FORWARDING -> Documents.read(detail, Channel.Kafka.class);
            case OBS_FORWARDING -> Documents.read(detail, Channel.Storage.class);
        };
    }
}
