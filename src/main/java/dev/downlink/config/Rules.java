// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import dev.downlink.model.InvalidField;
import dev.downlink.model.Secret;
import dev.downlink.model.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What must hold beyond the bounds of single numbers. */
final class Rules {
    private final Settings settings;
    private final UnaryOperator<String> origin;
    private final Mistakes mistakes;

    /** @param origin where the value of a key comes from */
    Rules(Settings settings, UnaryOperator<String> origin, Mistakes mistakes) {
        this.settings = settings;
        this.origin = origin;
        this.mistakes = mistakes;
    }

    void check() {
        names();
        ports();
        order();
        certificate();
        database();
        masterKey();
        new ClusterRules(settings, this::expect).check();
        bootstrap();
        networks("push.allow", settings.push().allow());
        networks("push.deny", settings.push().deny());
    }

    private void networks(String key, @Nullable List<String> texts) {
        expect(
                texts == null || texts.stream().allMatch(Network::isOne),
                key,
                "must be a list of networks or addresses, such as 10.1.0.0/16 and fd00::/8");
    }

    private void names() {
        host("host", settings.host());
        if (settings.management().host() != null) {
            host("management.host", settings.management().host());
        }
        identifier("node.name", settings.node().name(), 253, "[A-Za-z0-9._-]+");
    }

    private void host(String key, String value) {
        expect(
                value.matches("[A-Za-z0-9.:_%-]{1,255}"),
                key,
                "must be an address or host name, such as 127.0.0.1 or 0.0.0.0");
    }

    private void ports() {
        Map<Integer, String> taken = new HashMap<>();
        port(taken, "http.port", settings.http().port());
        port(taken, "management.port", settings.managementPort());
        port(taken, "mqtt.port", settings.mqtt().port());
        port(taken, "mqtts.port", settings.mqtts().port());
        if (settings.cluster().enabled()) {
            port(taken, "cluster.port", settings.cluster().port());
            port(taken, "cluster.bus_port", settings.cluster().busPort());
        }
    }

    private void port(Map<Integer, String> taken, String key, int port) {
        String other = port == 0 ? null : taken.putIfAbsent(port, key);
        expect(other == null, key, "must differ from " + other + ", which is " + port + " too");
    }

    private void order() {
        expect(
                settings.mqtt().keepAliveMin() <= settings.mqtt().keepAliveMax(),
                "mqtt.keep_alive_min",
                "must not be greater than mqtt.keep_alive_max, which is "
                        + settings.mqtt().keepAliveMax());
        expect(
                settings.commands().timeout().compareTo(settings.commands().maxTimeout()) <= 0,
                "commands.timeout",
                "must not be longer than commands.max_timeout, which is "
                        + Limit.format(settings.commands().maxTimeout()));
        expect(
                settings.http().idleTimeout().compareTo(settings.commands().maxTimeout()) > 0,
                "http.idle_timeout",
                "must be longer than commands.max_timeout, which is "
                        + Limit.format(settings.commands().maxTimeout())
                        + ", or connections are closed while a caller waits");
    }

    private void certificate() {
        Path certificate = settings.mqtts().certificate();
        Path key = settings.mqtts().key();
        expect(certificate == null || key != null, "mqtts.certificate", "needs mqtts.key, its private key");
        expect(key == null || certificate != null, "mqtts.key", "needs mqtts.certificate");
        readable("mqtts.certificate", certificate);
        readable("mqtts.key", key);
    }

    private void readable(String key, @Nullable Path file) {
        expect(
                file == null || (Files.isRegularFile(file) && Files.isReadable(file)),
                key,
                "must name a file that can be read, not '" + file + "'");
    }

    private void database() {
        Secret uri = settings.database().uri();
        expect(
                uri == null || isPostgres(uri.value()),
                "database.uri",
                "must look like postgresql://user:password@host:5432/database");
        expect(
                uri != null || settings.database().password() == null,
                "database.password",
                "needs database.uri: the embedded server has no password");
    }

    private static boolean isPostgres(String text) {
        try {
            URI uri = new URI(text);
            boolean scheme = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            return scheme && uri.getHost() != null && uri.getPath().length() > 1;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private void masterKey() {
        Secret key = settings.security().masterKey();
        expect(
                key == null || decodedLength(key.value()) == 32,
                "security.master_key",
                "must be 32 bytes in Base64, as `openssl rand -base64 32` makes them");
    }

    private static int decodedLength(String base64) {
        try {
            return Base64.getDecoder().decode(base64.strip()).length;
        } catch (IllegalArgumentException _) {
            return -1;
        }
    }

    private void bootstrap() {
        Settings.Bootstrap bootstrap = settings.bootstrap();
        boolean all = bootstrap.project() != null && bootstrap.accessKey() != null && bootstrap.secretKey() != null;
        boolean none = bootstrap.project() == null && bootstrap.accessKey() == null && bootstrap.secretKey() == null;
        String together = "bootstrap.project, bootstrap.access_key and bootstrap.secret_key must be given together";
        expect(all || none, given(bootstrap), together);
        identifier("bootstrap.project", bootstrap.project(), 64, null);
        identifier("bootstrap.access_key", bootstrap.accessKey(), 64, null);
        expect(
                bootstrap.secretKey() == null || isSecretKey(bootstrap.secretKey()),
                "bootstrap.secret_key",
                "must have 16 to 128 characters");
    }

    private static boolean isSecretKey(Secret secret) {
        return secret.value().length() >= 16 && secret.value().length() <= 128;
    }

    private static String given(Settings.Bootstrap bootstrap) {
        if (bootstrap.project() != null) {
            return "bootstrap.project";
        }
        return bootstrap.accessKey() != null ? "bootstrap.access_key" : "bootstrap.secret_key";
    }

    /** @param pattern absent: the characters of an identifier of the contract */
    private void identifier(String key, @Nullable String value, int max, @Nullable String pattern) {
        if (value == null) {
            return;
        }
        if (pattern != null) {
            expect(
                    value.length() <= max && value.matches(pattern),
                    key,
                    "must be 1 to " + max + " letters, digits, '.', '_' and '-'");
            return;
        }
        try {
            Text.identifier(key, value, max);
        } catch (InvalidField e) {
            mistakes.add(origin.apply(key), e.why());
        }
    }

    private void expect(boolean holds, String key, String what) {
        if (!holds) {
            mistakes.add(origin.apply(key), what);
        }
    }
}
