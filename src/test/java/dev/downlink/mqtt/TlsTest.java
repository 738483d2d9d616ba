// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.auth.Fingerprints;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.DeviceId;
import dev.downlink.support.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsTest {
    private static final Certificates SERVER = Certificates.selfSigned("localhost");
    private static final Certificates DEVICE = inForce("device");
    private static final Certificates OTHER = inForce("other");
    private static final DeviceId ID = new DeviceId("d_1");

    @TempDir
    Path files;

    private final Room room = new Room();

    @BeforeEach
    void start() {
        room.settings.certificate = SERVER.writeCertificate(files.resolve("server.pem"));
        room.settings.key = SERVER.writeKey(files.resolve("server.key"));
        room.start(2);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void deviceWithASecretNeedsNoCertificate(String protocol) {
        room.neighbours.device("d_1", new AuthInfo(AuthInfo.Type.SECRET, Neighbours.SECRET, null, null, null, true, 0));

        assertThat(answer(protocol, null, Packet.connect("d_1"))).isEqualTo("20020000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void certificateIsKnownByEitherFingerprint(String protocol) {
        room.neighbours.device("d_1", fingerprints(Fingerprints.sha1(DEVICE.certificate()), null));
        room.neighbours.device(
                "d_2",
                fingerprints(Fingerprints.sha256(OTHER.certificate()), Fingerprints.sha256(DEVICE.certificate())));

        assertThat(answer(protocol, DEVICE, Packet.connect("d_1").password(null)))
                .isEqualTo("20020000");
        assertThat(answer(protocol, DEVICE, Packet.connect("d_2").password(null)))
                .isEqualTo("20020000");
    }

    @Test
    void anotherCertificateAndNoneAreRefused() {
        room.neighbours.device("d_1", fingerprints(Fingerprints.sha256(DEVICE.certificate()), null));

        assertThat(answer("TLSv1.2", OTHER, Packet.connect("d_1").password(null)))
                .isEqualTo("20020004");
        assertThat(answer("TLSv1.2", null, Packet.connect("d_1").password(null)))
                .isEqualTo("20020004");
        assertThat(answer("TLSv1.2", OTHER, Packet.connect("d_1").password(null).mqtt5()))
                .isEqualTo("2003008600");
    }

    @Test
    void certificateThatIsNotInForceIsRefused() {
        Certificates expired =
                Certificates.selfSigned("old", Room.NOW.minus(Duration.ofDays(2)), Room.NOW.minus(Duration.ofDays(1)));
        room.neighbours.device("d_1", fingerprints(Fingerprints.sha256(expired.certificate()), null));
        room.neighbours.device("d_2", Neighbours.BY_CERTIFICATE);

        assertThat(answer("TLSv1.2", expired, Packet.connect("d_1").password(null)))
                .isEqualTo("20020004");
        assertThat(answer("TLSv1.2", expired, Packet.connect("d_2").password(null)))
                .isEqualTo("20020004");
    }

    @Test
    void firstCertificateIsLearned() {
        room.neighbours.device("d_1", Neighbours.BY_CERTIFICATE);

        String first = answer("TLSv1.2", DEVICE, Packet.connect("d_1").password(null));

        assertThat(first).isEqualTo("20020000");
        assertThat(room.neighbours.devices.get(ID).auth().fingerprint())
                .isEqualTo(Fingerprints.sha256(DEVICE.certificate()));
        assertThat(answer("TLSv1.2", OTHER, Packet.connect("d_1").password(null)))
                .isEqualTo("20020004");
    }

    @Test
    void frozenDeviceTeachesNothing() {
        room.neighbours.device("d_1", Neighbours.BY_CERTIFICATE, null, true);

        assertThat(answer("TLSv1.2", DEVICE, Packet.connect("d_1").password(null)))
                .isEqualTo("20020005");
        assertThat(room.neighbours.devices.get(ID).auth().fingerprint()).isNull();
    }

    @Test
    void plainTextOnTheTlsPortIsClosedAndHarmless() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        RawClient plain = new RawClient(room.ports.taken().get("mqtts"));

        plain.send(Packet.connect("d_1").bytes());

        // an alert of TLS and then the end
        while (plain.read().length > 0) {
            assertThat(plain.socket().isConnected()).isTrue();
        }
        assertThat(answer("TLSv1.3", null, Packet.connect("d_1"))).isEqualTo("20020000");
    }

    private static Certificates inForce(String name) {
        return Certificates.selfSigned(name, Room.NOW.minus(Duration.ofDays(1)), Room.NOW.plus(Duration.ofDays(1)));
    }

    private static AuthInfo fingerprints(String primary, String secondary) {
        return new AuthInfo(AuthInfo.Type.CERTIFICATES, null, null, primary, secondary, false, 0);
    }

    private String answer(String protocol, Certificates own, Packet.Connect connect) {
        try (RawClient client = new RawClient(socket(protocol, own))) {
            client.send(connect.bytes());
            return client.readHex();
        }
    }

    private SSLSocket socket(String protocol, Certificates own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : keys(own), trust(), null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket("127.0.0.1", room.ports.taken().get("mqtts"));
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyManager[] keys(Certificates own) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own.keyStore(), new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("server", SERVER.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
