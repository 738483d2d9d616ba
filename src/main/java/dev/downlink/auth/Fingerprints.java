// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Fingerprints of device certificates (southbound §1.3): hexadecimal SHA-1 or SHA-256 of the encoded certificate. */
public final class Fingerprints {
    private static final int SHA1_DIGITS = 40;

    private Fingerprints() {}

    public static String sha1(X509Certificate certificate) {
        return digest("SHA-1", certificate);
    }

    public static String sha256(X509Certificate certificate) {
        return digest("SHA-256", certificate);
    }

    /** Whether one of the stored fingerprints is the certificate's; takes equally long wherever they differ. */
    public static boolean matches(X509Certificate certificate, @Nullable String primary, @Nullable String secondary) {
        boolean first = fits(certificate, primary);
        boolean second = fits(certificate, secondary);
        return first || second;
    }

    private static boolean fits(X509Certificate certificate, @Nullable String stored) {
        if (stored == null) {
            return false;
        }
        String own = stored.length() == SHA1_DIGITS ? sha1(certificate) : sha256(certificate);
        return MessageDigest.isEqual(ascii(own), ascii(stored.toLowerCase(Locale.ROOT)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String digest(String algorithm, X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that came over TLS has an encoding", e);
        }
    }
}
