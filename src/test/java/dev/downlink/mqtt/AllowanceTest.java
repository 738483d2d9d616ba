// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private final Allowance allowance = new Allowance(2, 1000);

    @Test
    void publishesAreCountedAnewEachSecond() {
        assertThat(allowance.isSpentByPublish(1, 1)).isFalse();
        assertThat(allowance.isSpentByPublish(1, 1)).isTrue();
        assertThat(allowance.isSpentByPublish(2, 1)).isFalse();
    }

    @Test
    void otherPacketsHaveTenTimesThatAndTakeNothingFromPublishes() {
        for (int i = 1; i < 20; i++) {
            assertThat(allowance.isSpentByOther(1, 2)).isFalse();
        }
        assertThat(allowance.isSpentByOther(1, 2)).isTrue();
        assertThat(allowance.isSpentByPublish(1, 2)).isFalse();
    }

    @Test
    void bytesOfAllPacketsCount() {
        assertThat(allowance.isSpentByOther(1, 999)).isFalse();
        assertThat(allowance.isSpentByPublish(1, 1)).isTrue();
    }

    @Test
    void unpackedBytesCountToo() {
        assertThat(allowance.isSpentByPublish(1, 10)).isFalse();
        assertThat(allowance.isSpentByUnpacked(1, 990)).isTrue();
    }
}
