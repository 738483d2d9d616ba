// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayTest {
    @Test
    void readsAllDistributions() {
        assertThat(Delay.parse("none")).isEqualTo(new Delay.Fixed(Duration.ZERO));
        assertThat(Delay.parse("50ms")).isEqualTo(new Delay.Fixed(Duration.ofMillis(50)));
        assertThat(Delay.parse("fixed:2s")).isEqualTo(new Delay.Fixed(Duration.ofSeconds(2)));
        assertThat(Delay.parse("uniform:10ms-1s"))
                .isEqualTo(new Delay.Uniform(Duration.ofMillis(10), Duration.ofSeconds(1)));
        assertThat(Delay.parse("exponential:50ms")).isEqualTo(new Delay.Exponential(Duration.ofMillis(50)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "50", "fast", "normal:50ms", "uniform:10ms", "uniform:50ms-10ms", "fixed:-5"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Delay.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void uniformDelaysReachBothBounds() {
        Delay delay = Delay.parse("uniform:3ms-5ms");
        SplittableRandom random = new SplittableRandom(1);

        long[] delays = LongStream.range(0, 100)
                .map(_ -> delay.nextMillis(random))
                .distinct()
                .sorted()
                .toArray();

        assertThat(delays).containsExactly(3, 4, 5);
    }

    @Test
    void exponentialDelaysHaveTheirMean() {
        Delay delay = Delay.parse("exponential:100ms");
        SplittableRandom random = new SplittableRandom(1);

        double mean = LongStream.range(0, 10_000)
                .map(_ -> delay.nextMillis(random))
                .average()
                .orElseThrow();

        assertThat(mean).isBetween(95.0, 105.0);
    }
}
