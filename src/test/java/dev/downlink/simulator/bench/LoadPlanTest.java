// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void partsAreTogetherTheWhole() {
        LoadPlan plan = new LoadPlan(7, 300, Duration.ZERO, SECOND);

        assertThat(IntStream.range(0, 3).map(i -> plan.share(i, 3).callers()).sum())
                .isEqualTo(7);
        assertThat(IntStream.range(0, 3)
                        .mapToDouble(i -> plan.share(i, 3).rate())
                        .sum())
                .isEqualTo(300);
    }

    @Test
    void slicesAreSecondsUntilThereWouldBeTooMany() {
        assertThat(new LoadPlan(1, 0, Duration.ZERO, Duration.ofMinutes(5)).sliceNanos())
                .isEqualTo(SECOND.toNanos());
        assertThat(new LoadPlan(1, 0, Duration.ZERO, Duration.ofSeconds(301)).sliceNanos())
                .isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void senselessPlansAreRefused() {
        assertThatThrownBy(() -> new LoadPlan(0, 0, Duration.ZERO, SECOND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoadPlan(1, -1, Duration.ZERO, SECOND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoadPlan(1, 0, SECOND, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
