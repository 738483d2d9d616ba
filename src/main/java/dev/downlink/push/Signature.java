// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows a receiver that a push comes from this gateway, and when: HMAC-SHA256 with the action's token over the time in seconds, a
 * dot and the body (northbound §6.6). Belongs to one thread.
 */
final class Signature {
    static final String TIME_HEADER = "X-Downlink-Timestamp";
    static final String HEADER = "X-Downlink-Signature";

    private static final String ALGORITHM = "HmacSHA256";
    private final Mac mac;

    Signature(Secret token) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token.bytes(), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The header's value. */
    String of(String seconds, Buffer body) {
        mac.update(seconds.getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) '.');
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes()));
    }
}
