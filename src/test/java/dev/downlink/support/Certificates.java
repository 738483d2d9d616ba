// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates with their keys. */
public record Certificates(X509Certificate certificate, KeyPair keys) {

    public static Certificates selfSigned(String name) {
        Instant now = Instant.now();
        return selfSigned(name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
    }

    public static Certificates selfSigned(String name, Instant from, Instant until) {
        KeyPair keys = newKeys();
        X500Principal subject = new X500Principal("CN=" + name);
        return new Certificates(sign(builder(subject, subject, keys, from, until), keys), keys);
    }

    /** One that others are signed with. */
    public static Certificates authority(String name) {
        Instant now = Instant.now();
        KeyPair keys = newKeys();
        X500Principal subject = new X500Principal("CN=" + name);
        X509v3CertificateBuilder builder =
                builder(subject, subject, keys, now.minus(Duration.ofDays(9)), now.plus(Duration.ofDays(9)));
        extend(builder, Extension.basicConstraints, new BasicConstraints(true));
        return new Certificates(sign(builder, keys), keys);
    }

    /** A certificate of a server of this DNS name, signed with this one. */
    public Certificates issue(String name, Instant from, Instant until) {
        KeyPair own = newKeys();
        X509v3CertificateBuilder builder =
                builder(certificate.getSubjectX500Principal(), new X500Principal("CN=" + name), own, from, until);
        GeneralName dns = new GeneralName(GeneralName.dNSName, name);
        extend(builder, Extension.subjectAlternativeName, new GeneralNames(dns));
        return new Certificates(sign(builder, keys), own);
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair keys, Instant from, Instant until) {
        BigInteger number = BigInteger.valueOf(from.toEpochMilli());
        return new JcaX509v3CertificateBuilder(
                issuer, number, Date.from(from), Date.from(until), subject, keys.getPublic());
    }

    private static void extend(X509v3CertificateBuilder builder, ASN1ObjectIdentifier what, ASN1Encodable value) {
        try {
            var _ = builder.addExtension(what, true, value);
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair with) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(with.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", keys.getPrivate(), new char[0], new Certificate[] {certificate});
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path writeCertificate(Path file) {
        try {
            return write(file, "CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path writeKey(Path file) {
        return write(file, "PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static Path write(Path file, String what, byte[] encoded) {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END " + what + "-----\n";
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
