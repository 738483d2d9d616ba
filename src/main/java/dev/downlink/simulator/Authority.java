// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.Secret;
import dev.downlink.model.Timestamps;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a request shows to be let in (northbound §8). */
public sealed interface Authority {
    /**
     * The headers to add.
     *
     * @param path without query, of characters that need no encoding
     */
    Map<String, String> headers(String method, String path, byte[] body);

    /** For servers that ask for nothing. */
    record Nobody() implements Authority {
        @Override
        public Map<String, String> headers(String method, String path, byte[] body) {
            return Map.of();
        }
    }

    /** A token that somebody got for a password. */
    record Token(Secret token) implements Authority {
        @Override
        public Map<String, String> headers(String method, String path, byte[] body) {
            return Map.of("X-Auth-Token", token.value());
        }
    }

    /**
     * Signs each request in the plain form (northbound §8.2).
     *
     * @param host as sent in the header Host
     */
    record Key(String accessKey, Secret secretKey, String host, InstantSource clock) implements Authority {
        private static final String SIGNED = "host;x-sdk-date";

        @Override
        public Map<String, String> headers(String method, String path, byte[] body) {
            String date = Timestamps.compact(clock.instant());
            String canonical = String.join(
                    "\n",
                    method,
                    path.endsWith("/") ? path : path + '/',
                    "",
                    "host:" + host,
                    "x-sdk-date:" + date,
                    "",
                    SIGNED,
                    sha256(body));
            String toSign = "SDK-HMAC-SHA256\n" + date + '\n' + sha256(bytes(canonical));
            return Map.of(
                    "X-Sdk-Date",
                    date,
                    "Authorization",
                    "SDK-HMAC-SHA256 Access=" + accessKey + ", SignedHeaders=" + SIGNED + ", Signature="
                            + hmac(toSign));
        }

        private static String sha256(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        private String hmac(String text) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secretKey.bytes(), "HmacSHA256"));
                return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HmacSHA256", e);
            }
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
