// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a device proves who it is (northbound §1.2).
 *
 * @param secureAccess whether the device must use TLS
 * @param timeoutSeconds an unused registration is removed after this many seconds; 0 keeps it for ever
 */
public record AuthInfo(
        Type type,
        @Nullable Secret secret,
        @Nullable Secret secondarySecret,
        @Nullable String fingerprint,
        @Nullable String secondaryFingerprint,
        boolean secureAccess,
        int timeoutSeconds) {

    public AuthInfo {
        checkSecret("secret", secret);
        checkSecret("secondary_secret", secondarySecret);
        fingerprint = checkFingerprint("fingerprint", fingerprint);
        secondaryFingerprint = checkFingerprint("secondary_fingerprint", secondaryFingerprint);
        if (timeoutSeconds < 0) {
            throw new InvalidField("timeout", "must not be negative");
        }
    }

    /** 8 to 32 letters, digits, {@code _} and {@code -}. */
    public static void checkSecret(String field, @Nullable Secret secret) {
        if (secret != null) {
            Text.identifier(field, secret.value(), 32);
            if (secret.value().length() < 8) {
                throw new InvalidField(field, "must not be shorter than 8 characters");
            }
        }
    }

    /** SHA-1 (40 hexadecimal digits) or SHA-256 (64) of the device's certificate, made lower case. */
    @CanIgnoreReturnValue
    public static @Nullable String checkFingerprint(String field, @Nullable String fingerprint) {
        return fingerprint == null ? null : Text.hex(field, fingerprint, 40, 64).toLowerCase(Locale.ROOT);
    }

    public AuthInfo withSecret(Slot slot, Secret fresh) {
        return slot == Slot.PRIMARY
                ? new AuthInfo(
                        type, fresh, secondarySecret, fingerprint, secondaryFingerprint, secureAccess, timeoutSeconds)
                : new AuthInfo(type, secret, fresh, fingerprint, secondaryFingerprint, secureAccess, timeoutSeconds);
    }

    public AuthInfo withFingerprint(Slot slot, @Nullable String fresh) {
        return slot == Slot.PRIMARY
                ? new AuthInfo(type, secret, secondarySecret, fresh, secondaryFingerprint, secureAccess, timeoutSeconds)
                : new AuthInfo(type, secret, secondarySecret, fingerprint, fresh, secureAccess, timeoutSeconds);
    }

    public enum Type {
        SECRET,
        CERTIFICATES
    }

    /** Two of each may be valid at a time, so that they can be changed without an outage. */
    public enum Slot {
        PRIMARY,
        SECONDARY
    }
}
