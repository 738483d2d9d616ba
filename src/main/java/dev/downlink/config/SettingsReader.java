// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the settings: variables first, then the file, then the defaults, which are the {@code conf/downlink.yaml} that is
 * packed into the program.
 */
public final class SettingsReader {
    /** Read when no other file is named, if it is there. */
    public static final Path USUAL_FILE = Path.of("conf", "downlink.yaml");

    private static final String DEFAULTS = "/conf/downlink.yaml";

    private SettingsReader() {}

    /**
     * @param file absent: variables and defaults only
     * @param variables all of the environment; those that do not begin with {@code DOWNLINK_} are left alone
     * @throws ConfigException with every mistake in both
     */
    public static Settings read(Optional<Path> file, Map<String, String> variables) {
        Mistakes mistakes = new Mistakes();
        List<Key> keys = Key.all();
        Layer environment = Environment.read(variables, keys, mistakes);
        Layer written = file.map(f -> YamlFile.read(text(f, mistakes), String.valueOf(f), mistakes))
                .orElseGet(Layer::new);
        Layer defaults = YamlFile.read(defaults(), "the defaults", mistakes);

        Binder binder = new Binder(List.of(environment, written, defaults), mistakes);
        Settings settings = binder.bind();
        written.complain(keys, mistakes);
        new Rules(settings, binder::origin, mistakes).check();
        mistakes.throwIfAny();
        return settings;
    }

    private static String text(Path file, Mistakes mistakes) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException _) {
            mistakes.add(file.toString(), "cannot be read; it must be a YAML file in UTF-8");
            return "";
        }
    }

    /** The text of the packed {@code conf/downlink.yaml}. */
    static String defaults() {
        try (InputStream in = SettingsReader.class.getResourceAsStream(DEFAULTS)) {
            if (in == null) {
                throw new IllegalStateException(DEFAULTS + " is not packed into the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
