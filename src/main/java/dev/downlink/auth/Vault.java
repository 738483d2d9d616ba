// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.model.Secret;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for the database with keys that are derived from the master key. A sealed secret is the text
 * {@code v1.KEY.BASE64URL}: the key's fingerprint, then nonce and AES-256-GCM cipher text. Immutable, safe for all threads.
 */
public final class Vault {
    public static final int KEY_BYTES = 32;

    private static final String VERSION = "v1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKey master;
    private final SecretKey sealing;
    private final String fingerprint;

    /** @param masterKey 32 random bytes */
    public Vault(byte[] masterKey) {
        if (masterKey.length != KEY_BYTES) {
            throw new VaultException("the master key must have " + KEY_BYTES + " bytes, it has " + masterKey.length);
        }
        master = new SecretKeySpec(masterKey, "Generic");
        sealing = new SecretKeySpec(derive("seal"), "AES");
        fingerprint = HexFormat.of().formatHex(derive("fingerprint"), 0, 8);
    }

    /** Tells one master key from another without revealing it: 16 hexadecimal digits. */
    public String fingerprint() {
        return fingerprint;
    }

    /** A key of 32 bytes for another purpose, always the same for the same name. */
    public byte[] derive(String purpose) {
        HKDFParameterSpec how = HKDFParameterSpec.ofExtract()
                .addIKM(master)
                .thenExpand(("downlink/" + purpose).getBytes(StandardCharsets.UTF_8), KEY_BYTES);
        try {
            return KDF.getInstance("HKDF-SHA256").deriveData(how);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String seal(Secret secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(secret.bytes());
            byte[] both = ByteBuffer.allocate(NONCE_BYTES + text.length)
                    .put(nonce)
                    .put(text)
                    .array();
            return VERSION
                    + '.'
                    + fingerprint
                    + '.'
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws VaultException for a text that another key sealed, or that was changed */
    public Secret open(String sealed) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw new VaultException("not a sealed secret");
        }
        if (!parts[1].equals(fingerprint)) {
            throw new VaultException(
                    "sealed with the master key " + parts[1] + ", but the one in use is " + fingerprint);
        }
        try {
            byte[] both = Base64.getUrlDecoder().decode(parts[2]);
            byte[] nonce = new byte[NONCE_BYTES];
            ByteBuffer rest = ByteBuffer.wrap(both).get(nonce);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, nonce).doFinal(both, rest.position(), rest.remaining());
            return new Secret(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException e) {
            throw new VaultException("a sealed secret was damaged or forged", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
