// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Message;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.QueuedMessage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InflightTest {
    private final RequestId request = RequestId.next(1, 1);
    private final Inflight.Call call = new Inflight.Call(request);

    @Test
    void idsWrapPastThoseInFlight() {
        Inflight inflight = new Inflight(16);
        int held = inflight.take(call, 0);
        for (int i = 2; i <= 65_535; i++) {
            assertThat(inflight.acknowledged(inflight.take(call, 0))).contains(call);
        }

        int next = inflight.take(call, 0);

        assertThat(held).isEqualTo(1);
        assertThat(next).isEqualTo(2);
    }

    @Test
    void fullWindowTakesNoMore() {
        Inflight inflight = new Inflight(1);
        assertThat(inflight.take(call, 0)).isEqualTo(1);

        assertThat(inflight.isFull()).isTrue();
        assertThatThrownBy(() -> inflight.take(call, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void windowIsStuckWhenItsOldestIsNotAcknowledgedForAMinute() {
        Inflight inflight = new Inflight(2);
        assertThat(inflight.take(call, 5)).isEqualTo(1);
        boolean withRoom = inflight.isStuck(65);
        assertThat(inflight.take(call, 30)).isEqualTo(2);

        assertThat(withRoom).isFalse();
        assertThat(inflight.isStuck(64)).isFalse();
        assertThat(inflight.isStuck(65)).isTrue();
        assertThat(inflight.acknowledged(1)).contains(call);
        assertThat(inflight.take(call, 65)).isEqualTo(3);
        assertThat(inflight.isStuck(65)).isFalse();
    }

    @Test
    void windowIsStuckWhenThePartForMessagesIs() {
        Inflight inflight = new Inflight(4);
        assertThat(inflight.take(call, 0)).isEqualTo(1);
        assertThat(inflight.take(letter(), 5)).isEqualTo(2);
        assertThat(inflight.take(letter(), 30)).isEqualTo(3);
        boolean withRoom = inflight.isStuck(100);
        assertThat(inflight.take(letter(), 30)).isEqualTo(4);
        assertThat(inflight.acknowledged(1)).contains(call);

        assertThat(withRoom).isFalse();
        assertThat(inflight.isFull()).isFalse();
        assertThat(inflight.takesLetter()).isFalse();
        assertThat(inflight.isStuck(64)).isFalse();
        assertThat(inflight.isStuck(65)).isTrue();
        assertThat(inflight.letters()).hasSize(3);
    }

    @Test
    void oldestComesFirstWhateverWasAcknowledgedBefore() {
        Inflight inflight = new Inflight(8);
        Letter first = letter();
        Letter second = letter();
        Letter third = letter();
        assertThat(inflight.take(first, 0)).isEqualTo(1);
        assertThat(inflight.take(second, 0)).isEqualTo(2);
        assertThat(inflight.acknowledged(1)).contains(first);
        assertThat(inflight.take(call, 0)).isEqualTo(3);
        assertThat(inflight.take(third, 0)).isEqualTo(4);

        assertThat(inflight.letters()).containsExactly(second, third);
        assertThat(inflight.has(request)).isTrue();
        assertThat(inflight.acknowledged(3)).contains(call);
        assertThat(inflight.has(request)).isFalse();
        assertThat(inflight.acknowledged(3)).isEmpty();
    }

    private static Letter letter() {
        DeviceId device = new DeviceId("d");
        Message message = MessageTable.message("m");
        return new Letter(
                new QueuedMessage(new MessageKey(device, device, message.id()), 1, message, Duration.ZERO, null),
                null,
                0);
    }

    @Test
    void unknownIdIsNotAcknowledged() {
        Inflight inflight = new Inflight(1);

        assertThat(inflight.acknowledged(1)).isEmpty();
        assertThat(inflight.has(request)).isFalse();
    }
}
