// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the fields of a channel may hold (northbound §6.1); every check throws {@link InvalidField} with the field's name. */
final class ChannelRules {
    static final int MAX_PATH = 256;

    private static final Set<String> IN_PATHS = Set.of("YYYY", "MM", "DD", "HH", "appId", "deviceId");
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_./=!'()*-]*");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]{3,32}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.:%*-]{1,255}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final List<String> LOGINS = List.of("PLAIN", "SCRAM-SHA-512");
    private static final String NO_LOGIN = "PAAS";

    private ChannelRules() {}

    /** Absolute, of http or https, with a host and without a user, a password or a fragment. */
    @CanIgnoreReturnValue
    static String url(String field, String text) {
        Text.upTo(field, Text.present(field, text), Channel.MAX_URL);
        URI uri = uri(field, text);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidField(field, "must begin with http:// or https://");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new InvalidField(field, "must have a host, and if it has a port one from 1 to 65535");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new InvalidField(field, "must not have a user, a password or a fragment");
        }
        return text;
    }

    private static URI uri(String field, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidField(field, "is not a URL: " + e.getReason());
        }
    }

    static void token(@Nullable Secret token, boolean signed) {
        if (token == null) {
            return;
        }
        if (!signed) {
            throw new InvalidField("token", "needs signature_enable to be true");
        }
        if (!TOKEN.matcher(token.value()).matches()) {
            throw new InvalidField("token", "must have 3 to 32 letters and digits");
        }
    }

    static void certificate(@Nullable String name) {
        if (name != null && !FILE.matcher(name).matches()) {
            throw new InvalidField("cert_id", "must be the name of a file: 1 to 64 letters, digits, '_', '-' and '.'");
        }
    }

    static void serverName(@Nullable String name, boolean sni) {
        if (sni && name == null) {
            throw new InvalidField("cn_name", "is mandatory when sni_enable is true");
        }
        if (name != null && !HOST.matcher(name).matches()) {
            throw new InvalidField("cn_name", "must be the name of a host");
        }
    }

    static void host(String field, String host) {
        if (!HOST.matcher(host).matches()) {
            throw new InvalidField(field, "must be an address or the name of a host");
        }
    }

    static void addresses(List<Channel.NetAddress> addresses) {
        if (addresses.isEmpty() || addresses.size() > Channel.MAX_ADDRESSES) {
            throw new InvalidField("addresses", "must have 1 to " + Channel.MAX_ADDRESSES + " entries");
        }
    }

    static void topic(String topic) {
        if (!TOPIC.matcher(Text.present("topic", topic)).matches() || topic.equals(".") || topic.equals("..")) {
            throw new InvalidField("topic", "must have 1 to 249 letters, digits, '.', '_' and '-'");
        }
    }

    /** A login needs a mechanism for it and a protocol with SASL; without one neither may be there. */
    static void login(@Nullable String user, @Nullable Secret password, @Nullable String mechanism, String protocol) {
        if (mechanism != null && !mechanism.equals(NO_LOGIN) && !LOGINS.contains(mechanism)) {
            throw new InvalidField("mechanism", "must be PAAS (no login), PLAIN or SCRAM-SHA-512");
        }
        boolean login = mechanism != null && LOGINS.contains(mechanism);
        if (login) {
            Text.upTo("username", Text.present("username", user), MAX_PATH);
        } else if (user != null) {
            throw new InvalidField("username", "needs the mechanism PLAIN or SCRAM-SHA-512");
        }
        password(password, user);
        List<String> protocols = login ? List.of("SASL_SSL", "SASL_PLAINTEXT") : List.of("SSL", "PLAINTEXT");
        if (!protocols.contains(protocol)) {
            throw new InvalidField(
                    "security_protocol",
                    "must be " + String.join(" or ", protocols) + (login ? "" : " when there is no login"));
        }
    }

    private static void password(@Nullable Secret password, @Nullable String user) {
        if (password != null && user == null) {
            throw new InvalidField("password", "needs a username");
        }
        if (password != null) {
            Text.upTo("password", Text.present("password", password.value()), MAX_PATH);
        }
    }

    static void bucket(String name) {
        if (!BUCKET.matcher(Text.present("bucket_name", name)).matches()) {
            throw new InvalidField("bucket_name", "must have 3 to 63 small letters, digits, '.' and '-'");
        }
    }

    static void path(@Nullable String template) {
        if (template == null) {
            return;
        }
        Text.upTo("file_path", template, MAX_PATH);
        Matcher places = PLACE.matcher(template);
        while (places.find()) {
            if (!IN_PATHS.contains(places.group(1))) {
                throw new InvalidField("file_path", "may have only {YYYY}, {MM}, {DD}, {HH}, {appId} and {deviceId}");
            }
        }
        if (!PATH.matcher(PLACE.matcher(template).replaceAll("")).matches()) {
            throw new InvalidField("file_path", "may hold letters, digits, _./=!'()*- and names in braces");
        }
    }

    static void keys(@Nullable String accessKey, @Nullable Secret secretKey) {
        if (accessKey != null) {
            Text.upTo("access_key", Text.present("access_key", accessKey), MAX_PATH);
        } else if (secretKey != null) {
            throw new InvalidField("secret_key", "needs an access_key");
        }
        if (secretKey != null) {
            Text.upTo("secret_key", Text.present("secret_key", secretKey.value()), MAX_PATH);
        }
    }
}
