// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import dev.downlink.model.Secret;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@code postgresql://} URI in the form that JDBC wants: parts of it are spelt in another way there. */
record JdbcAddress(
        String url, @Nullable String user, @Nullable Secret password) {
    private static final Pattern URI =
            Pattern.compile("postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?]*)"
                    + "(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?");
    private static final Map<String, String> SPELLINGS = Map.of(
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "search_path", "currentSchema");

    /** @param password wins over the one in the URI */
    static JdbcAddress of(Secret uri, @Nullable Secret password) {
        Matcher parts = URI.matcher(uri.value());
        if (!parts.matches()) {
            throw new DatabaseException(
                    "the database URI is not of the form postgresql://user:password@host:port/database");
        }
        Map<String, String> query = query(parts.group("query"));
        String user = query.containsKey("user") ? query.remove("user") : decode(parts.group("user"));
        String own = query.containsKey("password") ? query.remove("password") : decode(parts.group("password"));
        Secret secret = password != null || own == null ? password : new Secret(own);
        String database = parts.group("database") == null ? "" : parts.group("database");
        return new JdbcAddress(
                "jdbc:postgresql://" + parts.group("hosts") + '/' + database + join(query), user, secret);
    }

    private static Map<String, String> query(@Nullable String text) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String key = pair.substring(0, equals);
                query.put(
                        SPELLINGS.getOrDefault(key, key),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static String join(Map<String, String> query) {
        StringBuilder out = new StringBuilder();
        query.forEach((key, value) -> out.append(out.isEmpty() ? '?' : '&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return out.toString();
    }

    private static @Nullable String decode(@Nullable String text) {
        return text == null ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
