// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BehaviourTest {
    private static final Delay NONE = Delay.parse("none");
    private static final Duration LATE = Duration.ofSeconds(3);

    @Test
    void sharesAreKept() {
        Behaviour behaviour = new Behaviour(0.1, 0.2, 0.3, 0.2, NONE, LATE);
        SplittableRandom random = new SplittableRandom(1);

        Map<Behaviour.Reaction, Long> counts = IntStream.range(0, 10_000)
                .mapToObj(_ -> behaviour.next(random))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(counts.get(Behaviour.Reaction.ANSWER_LATE)).isBetween(900L, 1100L);
        assertThat(counts.get(Behaviour.Reaction.STAY_SILENT)).isBetween(1850L, 2150L);
        assertThat(counts.get(Behaviour.Reaction.ANSWER_ANOTHER_REQUEST)).isBetween(1350L, 1650L);
        assertThat(counts.get(Behaviour.Reaction.ANSWER_GIBBERISH)).isBetween(1350L, 1650L);
        assertThat(counts.get(Behaviour.Reaction.ANSWER_WITH_ERROR)).isBetween(1850L, 2150L);
        assertThat(counts.get(Behaviour.Reaction.ANSWER)).isBetween(1850L, 2150L);
    }

    @Test
    void onlyLateAnswersAreLate() {
        Behaviour behaviour = new Behaviour(0.5, 0, 0, 0, Delay.parse("20ms"), LATE);
        SplittableRandom random = new SplittableRandom(1);

        assertThat(behaviour.delayMillis(Behaviour.Reaction.ANSWER_LATE, random))
                .isEqualTo(3020);
        assertThat(behaviour.delayMillis(Behaviour.Reaction.ANSWER, random)).isEqualTo(20);
    }

    @Test
    void sharesAboveOneAreRefused() {
        assertThatThrownBy(() -> new Behaviour(0.5, 0.3, 0.2, 0.1, NONE, LATE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
