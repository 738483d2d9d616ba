// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A URL that events are posted to.
 *
 * @param host without brackets
 * @param authority as the URL has it
 * @param peer whom the server's certificate must name
 * @param uri path and query
 */
record HttpTarget(boolean isTls, String host, int port, HostAndPort authority, String peer, String uri) {
    private static final Pattern CERTIFICATE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");

    private static final int MAX_CONNECT_MILLIS = 5000;

    /** @throws Failed with {@link Failure.Unreachable} for what is no URL */
    static HttpTarget of(Channel.Http channel) {
        URI url;
        try {
            url = new URI(channel.url());
        } catch (URISyntaxException e) {
            throw unusable(channel, "it is no URL");
        }
        String scheme = Objects.requireNonNullElse(url.getScheme(), "").toLowerCase(Locale.ROOT);
        if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw unusable(channel, "it is no URL of http or https");
        }
        boolean isTls = scheme.equals("https");
        int port = url.getPort() < 0 ? isTls ? 443 : 80 : url.getPort();
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        String name = channel.serverName();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new HttpTarget(
                isTls,
                host,
                port,
                HostAndPort.create(url.getHost(), port),
                name == null || name.isBlank() ? host : name,
                url.getRawQuery() == null ? path : path + '?' + url.getRawQuery());
    }

    /** @throws Failed with {@link Failure.Unreachable} when the certificate to trust cannot be found */
    HttpClientOptions options(Channel.Http channel, Settings.Push settings) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(isTls)
                .setForceSni(channel.sni())
                .setTcpKeepAlive(true)
                .setConnectTimeout(
                        Math.min(MAX_CONNECT_MILLIS, (int) settings.timeout().toMillis()));
        String certificate = channel.certificate();
        return isTls && certificate != null
                ? options.setTrustOptions(new PemTrustOptions().addCertPath(path(channel, certificate, settings)))
                : options;
    }

    private static String path(Channel.Http channel, String certificate, Settings.Push settings) {
        Path directory = settings.certificates();
        if (directory == null || !CERTIFICATE.matcher(certificate).matches()) {
            throw unusable(channel, "there is no certificate " + certificate);
        }
        return directory.resolve(certificate + ".pem").toString();
    }

    RequestOptions request() {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(peer)
                .setPort(port)
                .setURI(uri);
    }

    private static Failed unusable(Channel.Http channel, String why) {
        return new Failed(new Failure.Unreachable(channel.url(), why));
    }
}
