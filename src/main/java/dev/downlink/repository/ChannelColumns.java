// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** An action's channel as its columns {@code channel}, {@code detail} and {@code secret}, which is sealed. */
final class ChannelColumns {
    private ChannelColumns() {}

    static @Nullable String secret(Channel channel, Vault vault) {
        Secret secret = channel.secret();
        return secret == null ? null : vault.seal(secret);
    }

    static Channel read(Row row, Vault vault) {
        Channel channel = Documents.channel(Channel.Kind.valueOf(Rows.text(row, "channel")), Rows.text(row, "detail"));
        String sealed = Rows.optional(row, "secret");
        return sealed == null ? channel : channel.withSecret(vault.open(sealed));
    }
}
