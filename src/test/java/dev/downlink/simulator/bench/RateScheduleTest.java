// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RateScheduleTest {
    /** The clock of a JVM may be anywhere, and may run over. */
    private final long start = Long.parseLong("9223372036854775707");

    private static final long SECOND = 1_000_000_000;

    @Test
    void theFirstCommandBeginsAtTheStart() {
        RateSchedule schedule = new RateSchedule(start, 10);

        assertThat(schedule.isDue(start - 1)).isFalse();
        assertThat(schedule.isDue(start)).isTrue();
    }

    @Test
    void commandsAreSpreadEvenly() {
        RateSchedule schedule = new RateSchedule(0, 3);

        assertThat(new long[] {schedule.take(), schedule.take(), schedule.take(), schedule.take()})
                .containsExactly(0, 333_333_333, 666_666_667, SECOND);
    }

    @Test
    void aDelayDoesNotMoveTheCommandsAfterIt() {
        RateSchedule schedule = new RateSchedule(0, 1000);
        long _ = schedule.take();

        // nothing could be sent for a second: the next one still counts from when it was to begin
        assertThat(schedule.isDue(SECOND)).isTrue();
        assertThat(schedule.take()).isEqualTo(SECOND / 1000);
    }

    @Test
    void whatCouldNotBeSentIsCounted() {
        RateSchedule schedule = new RateSchedule(start, 1000);
        long _ = schedule.take();

        assertThat(schedule.missed(start + SECOND)).isEqualTo(999);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new RateSchedule(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
