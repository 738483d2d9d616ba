// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MICRO = 1000;

    private final Recording recording = new Recording(0, SECOND);

    @Test
    void percentilesAreOfCommandsThatWentWell() {
        for (int i = 1; i <= 1000; i++) {
            recording.add(0, i * MICRO, Line.OK);
        }
        recording.add(0, SECOND, "404");

        Latency latency = recording.latency();

        assertThat(latency).isEqualTo(new Latency(1000, 500, 900, 990, 999, 1000, 500.5));
        assertThat(recording.outcomes()).isEqualTo(Map.of(Line.OK, 1000L, "404", 1L));
    }

    @Test
    void theWarmUpIsNotRecorded() {
        recording.add(-1, MICRO, Line.OK);

        assertThat(recording.outcomes()).isEmpty();
        assertThat(recording.slices()).isEmpty();
    }

    @Test
    void aCommandBelongsToTheSliceInWhichItWasToBegin() {
        recording.add(SECOND / 2, 3 * SECOND, Line.OK);
        recording.add(SECOND, SECOND + MICRO, "timeout");

        assertThat(recording.slices())
                .extracting(slice -> slice.latency().count())
                .containsExactly(1L, 0L);
        assertThat(recording.slices()).extracting(Slice::errors).containsExactly(0L, 1L);
    }

    @Test
    void partsAreAddedUp() {
        Recording other = new Recording(0, SECOND);
        other.add(2 * SECOND, 2 * SECOND + 7 * MICRO, Line.OK);
        other.count("not sent", 3);
        recording.add(0, 5 * MICRO, Line.OK);

        recording.merge(other);

        assertThat(recording.latency().count()).isEqualTo(2);
        assertThat(recording.latency().max()).isEqualTo(7);
        assertThat(recording.outcomes()).isEqualTo(Map.of(Line.OK, 2L, "not sent", 3L));
        assertThat(recording.slices()).hasSize(3);
    }
}
