// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A self-signed certificate for localhost, so that the demo has a TLS port; no device should trust it elsewhere. */
record DemoCertificate(Path certificate, Path key) {
    private static final Duration VALID = Duration.ofDays(3650);

    /** Made at the first start, the same ever after. */
    static DemoCertificate in(Path dataDir) throws IOException {
        Path directory = Files.createDirectories(dataDir);
        DemoCertificate files =
                new DemoCertificate(directory.resolve("demo-certificate.pem"), directory.resolve("demo-key.pem"));
        if (!Files.exists(files.certificate) || !Files.exists(files.key)) {
            files.make();
        }
        return files;
    }

    private void make() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            writeKey(pair);
            var _ = Files.writeString(certificate, pem(selfSigned(pair, Instant.now())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private void writeKey(KeyPair pair) throws IOException {
        var _ = Files.deleteIfExists(key);
        var _ = Files.createFile(
                key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var _ = Files.writeString(key, pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
    }

    private static X509CertificateHolder selfSigned(KeyPair pair, Instant now)
            throws IOException, OperatorCreationException {
        X500Name name = new X500Name("CN=localhost, O=Downlink demo");
        GeneralNames reachedAs = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        });
        return new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(64, new SecureRandom()),
                        Date.from(now.minusSeconds(60)),
                        Date.from(now.plus(VALID)),
                        name,
                        pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, reachedAs)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(object);
        }
        return text.toString();
    }
}
