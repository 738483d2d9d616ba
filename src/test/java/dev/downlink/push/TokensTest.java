// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokensTest {
    private static final long MILLI = 1_000_000;

    private final Tokens tokens = new Tokens();

    @Test
    void withoutLimitThereAreAlwaysSome() {
        assertThat(taken(0, 1000)).isEqualTo(1000);
    }

    @Test
    void overASecondTheLimitIsKept() {
        tokens.limit(50, 0);

        int all = 0;
        for (int at = 0; at < 10_000; at += 50) {
            all += taken(at * MILLI, 1000);
        }

        assertThat(all).isBetween(490, 505);
    }

    @Test
    void lessThanOneASecondIsPossible() {
        tokens.limit(0.5, 0);

        int all = 0;
        for (int at = 0; at < 20_000; at += 50) {
            all += taken(at * MILLI, 1000);
        }

        assertThat(all).isBetween(9, 11);
    }

    @Test
    void whatIsNotUsedIsNotSavedForLong() {
        tokens.limit(50, 0);

        assertThat(taken(3_600_000 * MILLI, 1000)).isEqualTo(5);
    }

    private int taken(long at, int most) {
        int taken = 0;
        while (taken < most && tokens.hasOne(at)) {
            tokens.take();
            taken++;
        }
        return taken;
    }
}
