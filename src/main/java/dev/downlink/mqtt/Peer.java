// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import io.vertx.core.net.NetSocket;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a socket.
 *
 * @param address network address without port
 * @param certificate what the device showed in the TLS handshake, not yet checked
 */
record Peer(String address, boolean tls, @Nullable X509Certificate certificate) {

    static Peer of(NetSocket socket) {
        return new Peer(
                socket.remoteAddress().hostAddress(),
                socket.isSsl(),
                certificate(socket).orElse(null));
    }

    private static Optional<X509Certificate> certificate(NetSocket socket) {
        if (!socket.isSsl()) {
            return Optional.empty();
        }
        try {
            return socket.peerCertificates().stream()
                    .findFirst()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
