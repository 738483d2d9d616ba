// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LikeTest {
    @Test
    void matchesWhatAPatternMatches() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            String text = some(random, "ab", 10);
            String pattern = some(random, "ab%_", 6);
            String regex = pattern.replace("%", ".*").replace("_", ".");

            assertThat(Like.matches(text, pattern))
                    .as("%s LIKE %s", text, pattern)
                    .isEqualTo(Pattern.matches(regex, text));
        }
    }

    private static String some(Random random, String signs, int most) {
        return random.ints(random.nextInt(most + 1), 0, signs.length())
                .mapToObj(i -> String.valueOf(signs.charAt(i)))
                .collect(Collectors.joining());
    }
}
