// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import dev.downlink.config.Layer.Given;
import dev.downlink.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns the text of one setting into its type. */
final class Value {
    private static final int MAX_SECRET_FILE = 64 * 1024;

    private final Mistakes mistakes;

    Value(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** Empty when the text is wrong; the mistake is then noted. */
    Optional<?> read(Key key, Given given) {
        return key.isSecret() ? secret(given) : plain(key, given);
    }

    private Optional<?> plain(Key key, Given given) {
        String text = given.text().strip();
        if (text.isEmpty()) {
            return wrong(given, "must not be empty");
        }
        if (key.type().isEnum()) {
            return word(key, given, text);
        }
        Optional<Limit> limit = Limits.of(key);
        if (limit.isPresent()) {
            return number(key, given, limit.get(), text);
        }
        return switch (key.type().getSimpleName()) {
            case "String" -> Optional.of(text);
            case "Path" -> path(given, text);
            case "boolean" -> bool(given, text);
            case "List" -> key.path().equals("roles") ? roles(given, text) : names(given, text);
            default -> throw new IllegalStateException("no reader for " + key);
        };
    }

    private Optional<?> number(Key key, Given given, Limit limit, String text) {
        Optional<Long> value = limit.read(text);
        if (value.isEmpty()) {
            return wrong(given, limit.expected() + ", not '" + shown(text) + "'");
        }
        return key.type() == Duration.class ? value.map(Duration::ofMillis) : value.map(Math::toIntExact);
    }

    private Optional<Boolean> bool(Given given, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> Optional.of(true);
            case "false", "off", "no", "0" -> Optional.of(false);
            default -> wrong(given, "must be true or false (or on, off), not '" + shown(text) + "'");
        };
    }

    private Optional<Path> path(Given given, String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return wrong(given, "must be a path: " + e.getReason());
        }
    }

    private Optional<?> word(Key key, Given given, String text) {
        Map<String, Object> words = new LinkedHashMap<>();
        for (Object constant : key.type().getEnumConstants()) {
            words.put(constant.toString().toLowerCase(Locale.ROOT), constant);
        }
        Object value = words.get(text.toLowerCase(Locale.ROOT));
        return value == null
                ? wrong(given, "must be " + String.join(" or ", words.keySet()) + ", not '" + shown(text) + "'")
                : Optional.of(value);
    }

    private Optional<List<Settings.Role>> roles(Given given, String text) {
        List<Settings.Role> roles = new ArrayList<>();
        for (String name : text.split(",", -1)) {
            switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "http" -> roles.add(Settings.Role.HTTP);
                case "mqtt" -> roles.add(Settings.Role.MQTT);
                case "amqp" -> roles.add(Settings.Role.AMQP);
                default -> {
                    return wrong(given, "must be a list of http and mqtt, not '" + shown(text) + "'");
                }
            }
        }
        return Optional.of(roles.stream().distinct().toList());
    }

    private Optional<List<String>> names(Given given, String text) {
        List<String> names =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        return names.contains("") ? wrong(given, "must be a list without empty places") : Optional.of(names);
    }

    private Optional<Secret> secret(Given given) {
        if (!given.isFile()) {
            return given.text().isBlank() ? wrong(given, "must not be empty") : Optional.of(new Secret(given.text()));
        }
        try {
            Path file = Path.of(given.text());
            if (Files.size(file) > MAX_SECRET_FILE) {
                return wrong(given, "must name a file of at most " + MAX_SECRET_FILE + " bytes");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
            return text.isBlank() ? wrong(given, "names a file that is empty") : Optional.of(new Secret(text));
        } catch (IOException | InvalidPathException _) {
            return wrong(given, "must name a file that can be read, not '" + shown(given.text()) + "'");
        }
    }

    private <T> Optional<T> wrong(Given given, String what) {
        mistakes.add(given.where(), what);
        return Optional.empty();
    }

    /** Enough to recognise it. */
    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
