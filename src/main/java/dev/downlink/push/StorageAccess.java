// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.auth.Percent;
import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a bucket is and how to log in there. An action that names an endpoint brings its own keys: those of the settings are never
 * sent anywhere else than to the endpoint of the settings.
 *
 * @param host in lower case, without the brackets of an IPv6 address
 * @param authority the header Host
 * @param path of the bucket, encoded
 */
record StorageAccess(boolean isTls, String host, int port, String authority, String bucket, String path, SigV4 signer) {

    /** @throws Failed with {@link Failure.Unreachable} when something is missing */
    static StorageAccess of(Settings.Storage settings, Channel.Storage channel) {
        boolean isOwn = channel.endpoint() != null;
        String endpoint = present("an endpoint", isOwn ? channel.endpoint() : settings.endpoint());
        String key = present("an access key", isOwn ? channel.accessKey() : settings.accessKey());
        Secret secret = present("a secret key", isOwn ? channel.secret() : settings.secretKey());
        String region = isOwn || settings.region() == null ? channel.region() : settings.region();
        return at(endpoint, channel.bucket(), new SigV4(key, secret, region, "s3"));
    }

    private static StorageAccess at(String endpoint, String bucket, SigV4 signer) {
        URI uri;
        try {
            uri = URI.create(endpoint);
        } catch (IllegalArgumentException _) {
            throw unusable(endpoint, "it is not a URL");
        }
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw unusable(endpoint, "it is not a URL of http or https");
        }
        boolean isTls = scheme.equals("https");
        int usual = isTls ? 443 : 80;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        String authority = port == usual ? uri.getHost() : uri.getHost() + ':' + port;
        String base = Objects.requireNonNullElse(uri.getRawPath(), "").replaceFirst("/+$", "");
        String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return new StorageAccess(isTls, host, port, authority, bucket, encoded(base + '/', bucket), signer);
    }

    /** The path of a request, as it is sent and signed. */
    String pathOf(String key) {
        StringBuilder out = new StringBuilder(path);
        for (String part : key.split("/")) {
            Percent.encode(out.append('/'), part);
        }
        return out.toString();
    }

    private static String encoded(String base, String part) {
        StringBuilder out = new StringBuilder(base);
        Percent.encode(out, part);
        return out.toString();
    }

    private static <T> T present(String what, @Nullable T value) {
        if (value == null) {
            throw unusable("the object storage", "neither the action nor the settings have " + what + " for it");
        }
        return value;
    }

    private static Failed unusable(String where, String why) {
        return new Failed(new Failure.Unreachable(where, why));
    }
}
