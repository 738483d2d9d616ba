// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps {@code conf/downlink.yaml}, its comments and the tree of records together. */
class DefaultsFileTest {
    private static final Pattern KEY = Pattern.compile("( *)([a-z_]+):(.*)");

    @Test
    void theFileInTheProjectIsTheOneThatIsPacked() throws IOException {
        assertThat(SettingsReader.defaults()).isEqualTo(Files.readString(SettingsReader.USUAL_FILE));
    }

    @Test
    void readingTheFileGivesTheDefaults() {
        assertThat(SettingsReader.read(Optional.of(SettingsReader.USUAL_FILE), Map.of()))
                .isEqualTo(SettingsReader.read(Optional.empty(), Map.of()));
    }

    @Test
    void theFileHasEveryKeyInTheOrderOfTheTree() {
        assertThat(comments().keySet())
                .containsExactlyElementsOf(Key.all().stream().map(Key::path).toList());
    }

    @Test
    void everyKeyHasAComment() {
        assertThat(comments().values()).allMatch(comment -> comment.contains("Default"));
    }

    @Test
    void theCommentOfEveryNumberNamesItsDefault() {
        Map<String, String> values = values();

        assertThat(comments()).allSatisfy((path, comment) -> {
            String value = values.get(path);
            if (!value.isEmpty() && !value.startsWith("[")) {
                assertThat(comment).contains("Default " + value);
            }
        });
    }

    @Test
    void secretsAreMarked() {
        Map<String, String> comments = comments();

        assertThat(Key.all())
                .allSatisfy(key ->
                        assertThat(comments.get(key.path()).contains("Secret.")).isEqualTo(key.isSecret()));
    }

    @Test
    void everyNumberAndDurationHasBounds() {
        List<String> numbers = Key.all().stream()
                .filter(key -> key.type() == int.class || key.type() == Duration.class)
                .map(Key::path)
                .toList();

        assertThat(Limits.all().keySet()).containsExactlyInAnyOrderElementsOf(numbers);
    }

    private static Map<String, String> comments() {
        Map<String, String> comments = new LinkedHashMap<>();
        scan((path, comment, _) -> comments.put(path, comment));
        return comments;
    }

    private static Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        scan((path, _, value) -> values.put(path, value));
        return values;
    }

    private static void scan(Leaf leaf) {
        String group = "";
        StringBuilder comment = new StringBuilder();
        List<String> lines = SettingsReader.defaults().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher key = KEY.matcher(lines.get(i));
            if (!key.matches()) {
                comment.append(lines.get(i).strip());
                continue;
            }
            boolean opensGroup = key.group(1).isEmpty()
                    && key.group(3).isBlank()
                    && i + 1 < lines.size()
                    && lines.get(i + 1).startsWith("  ");
            if (opensGroup) {
                group = key.group(2) + '.';
            } else {
                String prefix = key.group(1).isEmpty() ? "" : group;
                leaf.accept(
                        prefix + key.group(2), comment.toString(), key.group(3).strip());
            }
            comment.setLength(0);
        }
    }

    private interface Leaf {
        void accept(String path, String comment, String value);
    }
}
