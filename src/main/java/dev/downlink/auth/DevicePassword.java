// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * The password of a device (southbound §1.2): hexadecimal HMAC whose key is the timestamp of the client id and whose message
 * is the device's secret. Sign types 0 and 1 use SHA-256, type 2 uses SM3; types 1 and 2 also bind the password to the hour.
 */
public final class DevicePassword {
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("uuuuMMddHH", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private DevicePassword() {}

    /** What a device with that secret has to send, in lower case. */
    public static String of(Secret secret, int signType, String timestamp) {
        byte[] key = timestamp.getBytes(StandardCharsets.US_ASCII);
        byte[] mac = signType == 2 ? hmacSm3(key, secret.bytes()) : hmacSha256(key, secret.bytes());
        return HexFormat.of().formatHex(mac);
    }

    /**
     * Whether a password fits one of the secrets; takes equally long wherever they differ.
     *
     * @param tolerance how far the hour of sign types 1 and 2 may be from {@code now}
     */
    public static boolean matches(
            ClientId client,
            byte[] password,
            @Nullable Secret primary,
            @Nullable Secret secondary,
            Instant now,
            Duration tolerance) {
        byte[] given = new String(password, StandardCharsets.US_ASCII)
                .toLowerCase(Locale.ROOT)
                .getBytes(StandardCharsets.US_ASCII);
        boolean first = fits(client, given, primary);
        boolean second = fits(client, given, secondary);
        return (first || second) && isInTime(client, now, tolerance);
    }

    private static boolean fits(ClientId client, byte[] given, @Nullable Secret secret) {
        return secret != null
                && MessageDigest.isEqual(
                        of(secret, client.signType(), client.timestamp()).getBytes(StandardCharsets.US_ASCII), given);
    }

    private static boolean isInTime(ClientId client, Instant now, Duration tolerance) {
        if (client.signType() == 0) {
            return true;
        }
        try {
            Instant hour = LocalDateTime.parse(client.timestamp(), HOUR).toInstant(ZoneOffset.UTC);
            Instant end = hour.plus(Duration.ofHours(1)).plus(tolerance);
            return !now.isBefore(hour.minus(tolerance)) && now.isBefore(end);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static byte[] hmacSha256(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] hmacSm3(byte[] key, byte[] message) {
        HMac mac = new HMac(new SM3Digest());
        mac.init(new KeyParameter(key));
        mac.update(message, 0, message.length);
        byte[] out = new byte[mac.getMacSize()];
        mac.doFinal(out, 0);
        return out;
    }
}
