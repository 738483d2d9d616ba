// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.model.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Salted, slow hashes of users' passwords: PBKDF2 with HMAC-SHA256, in the form {@code pbkdf2-sha256$rounds$salt$hash}. Each
 * call takes about a tenth of a second of CPU, so never call it on an event loop.
 */
public final class PasswordHash {
    private static final String NAME = "pbkdf2-sha256";
    private static final int ROUNDS = 310_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Matches no password and takes as long to say so, for users that do not exist. */
    public static final Secret OF_NOBODY =
            new Secret(NAME + '$' + ROUNDS + '$' + base64(new byte[SALT_BYTES]) + '$' + base64(new byte[HASH_BYTES]));

    private PasswordHash() {}

    public static Secret of(Secret password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new Secret(NAME + '$' + ROUNDS + '$' + base64(salt) + '$' + base64(hash(password, salt, ROUNDS)));
    }

    /** @throws IllegalArgumentException when {@code stored} is not a hash of ours */
    public static boolean matches(Secret password, Secret stored) {
        String[] parts = stored.value().split("\\$");
        if (parts.length != 4 || !parts[0].equals(NAME)) {
            throw new IllegalArgumentException("not a password hash");
        }
        Base64.Decoder base64 = Base64.getDecoder();
        byte[] expected = base64.decode(parts[3]);
        return MessageDigest.isEqual(expected, hash(password, base64.decode(parts[2]), Integer.parseInt(parts[1])));
    }

    private static byte[] hash(Secret password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(password.value().toCharArray(), salt, rounds, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
