// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.RequestId;
import org.junit.jupiter.api.Test;

class InflightTest {
    private final RequestId request = RequestId.next(1, 1);

    @Test
    void idsWrapPastThoseInFlight() {
        Inflight inflight = new Inflight(16);
        int held = inflight.take(request);
        for (int i = 2; i <= 65_535; i++) {
            assertThat(inflight.acknowledged(inflight.take(request))).isTrue();
        }

        int next = inflight.take(request);

        assertThat(held).isEqualTo(1);
        assertThat(next).isEqualTo(2);
    }

    @Test
    void fullWindowTakesNoMore() {
        Inflight inflight = new Inflight(1);
        assertThat(inflight.take(request)).isEqualTo(1);

        assertThat(inflight.isFull()).isTrue();
        assertThatThrownBy(() -> inflight.take(request)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void unknownIdIsNotAcknowledged() {
        Inflight inflight = new Inflight(1);

        assertThat(inflight.acknowledged(1)).isFalse();
        assertThat(inflight.has(request)).isFalse();
    }
}
