// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.config.Settings;
import dev.downlink.model.Secret;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How to reach the database that a {@code postgresql://} URI names. */
final class ConnectOptions {
    private static final Pattern ROOT_CERTIFICATE = Pattern.compile("[?&]sslrootcert=([^&]*)");

    private ConnectOptions() {}

    static PgConnectOptions of(Settings.Database settings) {
        Secret uri = settings.uri();
        if (uri == null) {
            throw new IllegalArgumentException("there is no database URI");
        }
        PgConnectOptions options = parse(uri);
        Secret password = settings.password();
        if (password != null) {
            options.setPassword(password.value());
        }
        options.setCachePreparedStatements(true)
                // the driver's own limit leaves out long statements, which are the dearest to plan
                .setPreparedStatementCacheSqlFilter(_ -> true)
                .setPipeliningLimit(1)
                .setSslOptions(tls(options.getSslMode(), uri));
        HashMap<String, String> properties = new HashMap<>(options.getProperties());
        properties.putIfAbsent("application_name", "downlink");
        options.setProperties(properties);
        return options;
    }

    /** The parser's own message repeats the URI with its password. */
    @SuppressWarnings("UnusedException")
    private static PgConnectOptions parse(Secret uri) {
        try {
            return PgConnectOptions.fromUri(uri.value());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the database URI cannot be read");
        }
    }

    private static ClientSSLOptions tls(SslMode mode, Secret uri) {
        ClientSSLOptions tls = new ClientSSLOptions();
        return switch (mode) {
            case DISABLE, ALLOW, PREFER, REQUIRE -> tls.setTrustAll(true).setHostnameVerificationAlgorithm("");
            case VERIFY_CA -> tls.setTrustOptions(trust(uri)).setHostnameVerificationAlgorithm("");
            case VERIFY_FULL -> tls.setTrustOptions(trust(uri)).setHostnameVerificationAlgorithm("HTTPS");
        };
    }

    private static TrustOptions trust(Secret uri) {
        Matcher certificate = ROOT_CERTIFICATE.matcher(uri.value());
        if (certificate.find()) {
            String path = URLDecoder.decode(certificate.group(1), StandardCharsets.UTF_8);
            return new PemTrustOptions().addCertPath(path);
        }
        return systemTrust();
    }

    private static TrustOptions systemTrust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            @Nullable KeyStore jdk = null;
            factory.init(jdk);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
