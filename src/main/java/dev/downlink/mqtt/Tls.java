// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/**
 * TLS for devices (southbound §1.4). A device may show a certificate and need not. Any certificate passes the handshake: who
 * the device is says the certificate's fingerprint alone, which the login checks.
 */
final class Tls {
    /** Sockets are not counted before their handshake is over, so it may not take long. */
    private static final long MAX_HANDSHAKE_MILLIS = 5000;

    private Tls() {}

    /** @param handshake how long one may take, up to five seconds */
    static NetServerOptions options(Path certificate, Path key, Duration handshake) {
        return new NetServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setClientAuth(ClientAuth.REQUEST)
                .setTrustOptions(TrustOptions.wrap(new AnyCertificate()))
                .setSslHandshakeTimeout(Math.min(MAX_HANDSHAKE_MILLIS, handshake.toMillis()))
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // the login compares the fingerprint
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("devices are clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
