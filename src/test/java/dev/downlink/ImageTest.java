// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image is built from what {@code .dockerignore} lets through. */
final class ImageTest {
    private static final Pattern RESOURCES = Pattern.compile("(?s)<resources>.*?</resources>");
    private static final Pattern DIRECTORY = Pattern.compile("<directory>([^</]+)");

    @Test
    void buildOfTheImageHasAllThatIsPacked() throws IOException {
        List<String> allowed = Files.readAllLines(Path.of(".dockerignore"));
        String resources = RESOURCES
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow();

        assertThat(DIRECTORY.matcher(resources).results().map(found -> "!" + found.group(1)))
                .contains("!src", "!conf")
                .allMatch(allowed::contains);
    }
}
