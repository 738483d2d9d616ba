// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private long nanos = 42;
    private final List<String> expired = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines(() -> nanos);

    @Test
    void nothingRunsOutBeforeItsTime() {
        add("a", Duration.ofSeconds(20));

        pass(Duration.ofMillis(19_999));

        assertThat(expired).isEmpty();
    }

    @Test
    void runsOutAtTheFirstTickAfterItsTime() {
        add("a", Duration.ofSeconds(20));

        pass(Duration.ofSeconds(20).plus(Deadlines.TICK));

        assertThat(expired).containsExactly("a");
    }

    @Test
    void runsOutOnce() {
        add("a", Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));

        pass(Duration.ofHours(1));

        assertThat(expired).containsExactly("a");
    }

    @Test
    void removedEntryDoesNotRunOut() {
        Deadlines.Entry first = add("first", Duration.ofSeconds(1));
        Deadlines.Entry middle = add("middle", Duration.ofSeconds(1));
        Deadlines.Entry last = add("last", Duration.ofSeconds(1));
        add("kept", Duration.ofSeconds(1));
        deadlines.remove(middle);
        deadlines.remove(first);
        deadlines.remove(last);
        deadlines.remove(last);

        pass(Duration.ofSeconds(2));

        assertThat(expired).containsExactly("kept");
    }

    @Test
    void waitLongerThanTheWheelComesRoundAgain() {
        Duration turn = Deadlines.TICK.multipliedBy(1 << 11);
        add("long", turn.multipliedBy(2));
        for (int i = 0; i < 19; i++) {
            pass(turn.dividedBy(10));
        }
        assertThat(expired).isEmpty();

        pass(turn);

        assertThat(expired).containsExactly("long");
    }

    @Test
    void longPauseLosesNothing() {
        for (int i = 0; i < 5_000; i++) {
            add("e" + i, Duration.ofMillis(20L * i));
        }

        pass(Duration.ofDays(1));

        assertThat(expired).hasSize(5_000);
    }

    @Test
    void timeSpentBeforeAddingCounts() {
        long began = deadlines.now();
        nanos += Duration.ofSeconds(5).toNanos();
        deadlines.add(entry("a"), began, Duration.ofSeconds(4));

        deadlines.expire();

        assertThat(expired).containsExactly("a");
    }

    @CanIgnoreReturnValue
    private Deadlines.Entry add(String name, Duration wait) {
        Deadlines.Entry entry = entry(name);
        deadlines.add(entry, deadlines.now(), wait);
        return entry;
    }

    private Deadlines.Entry entry(String name) {
        return new Deadlines.Entry() {
            @Override
            protected void expired() {
                expired.add(name);
            }
        };
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        deadlines.expire();
    }
}
