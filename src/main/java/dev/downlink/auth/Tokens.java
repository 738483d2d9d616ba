// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.model.InvalidField;
import dev.downlink.model.ProjectId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a user gets for a password (northbound §8.5). They are stateless: claims and an HMAC-SHA256 over them, so that
 * every node with the same key accepts them. Belongs to one thread.
 *
 * <p>Form: Base64 of {@code 1.domain.user.project.issued.expires} with times in milliseconds, a dot, Base64 of the HMAC.
 */
public final class Tokens {
    private static final String VERSION = "1";
    private static final int MAX_LENGTH = 1024;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Mac hmac;
    private final InstantSource clock;

    /** @param key at least 32 bytes that all nodes share and nobody else knows */
    public Tokens(byte[] key, InstantSource clock) {
        this.clock = clock;
        try {
            hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    public String issue(Claims claims) {
        String project = claims.project == null ? "" : claims.project.value();
        String text = String.join(
                ".",
                VERSION,
                claims.domain,
                claims.user,
                project,
                Long.toString(claims.passwordSince.toEpochMilli()),
                Long.toString(claims.expires.toEpochMilli()));
        String payload = ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return payload + '.' + ENCODER.encodeToString(mac(payload));
    }

    /** @throws NotAuthentic for a token that is not ours or has expired */
    public Claims check(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > MAX_LENGTH) {
            throw new NotAuthentic("the token is not one of this gateway");
        }
        String payload = token.substring(0, dot);
        String mac = ENCODER.encodeToString(mac(payload));
        if (!MessageDigest.isEqual(bytes(mac), bytes(token.substring(dot + 1)))) {
            throw new NotAuthentic("the token is not one of this gateway");
        }
        Claims claims = read(payload);
        if (!clock.instant().isBefore(claims.expires)) {
            throw new NotAuthentic("the token has expired");
        }
        return claims;
    }

    private static Claims read(String payload) {
        String text = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        String[] parts = text.split("\\.", -1);
        try {
            if (parts.length != 6 || !parts[0].equals(VERSION)) {
                throw new NotAuthentic("the token is of another version");
            }
            @Nullable ProjectId project = parts[3].isEmpty() ? null : new ProjectId(parts[3]);
            return new Claims(parts[1], parts[2], project, millis(parts[4]), millis(parts[5]));
        } catch (NumberFormatException | DateTimeException | InvalidField e) {
            throw new NotAuthentic("the token is of another version");
        }
    }

    private static Instant millis(String text) {
        return Instant.ofEpochMilli(Long.parseLong(text));
    }

    private byte[] mac(String payload) {
        return hmac.doFinal(bytes(payload));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param project the only project it opens; without one it opens all projects of the user
     * @param passwordSince when the user's password was set; the token is void when it was set again
     */
    public record Claims(
            String domain, String user, @Nullable ProjectId project, Instant passwordSince, Instant expires) {}
}
