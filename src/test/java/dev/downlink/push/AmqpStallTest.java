// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static dev.downlink.push.AmqpStage.CODE;
import static dev.downlink.push.AmqpStage.KEY;
import static dev.downlink.push.AmqpStage.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.BlockedEventLoops;
import dev.downlink.support.JmsClient;
import java.util.stream.LongStream;
import javax.jms.MessageConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumers that stand still for minutes, which pass at once (northbound §6.2). */
@Timeout(60)
@ExtendWith(BlockedEventLoops.class)
class AmqpStallTest {
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;

    private final AmqpStage stage = new AmqpStage();
    private EngineClient idle;

    @BeforeEach
    void connect() {
        stage.start();
        idle = EngineClient.open(stage.port(), KEY, CODE, 0);
    }

    @AfterEach
    void close() {
        idle.close();
        stage.close();
    }

    @Test
    void whoSettlesNothingForTenMinutesIsClosedAndItsEventsGoToOthersInOrder() throws Exception {
        idle.receive(QUEUE, 10);
        Outbox outbox = stage.outbox().add(20, "d1", "d2");
        idle.until(() -> outbox.underWay() == 10);

        stage.pass(10 * MINUTE);
        assertThat(outbox.returned).isEmpty();
        stage.pass(MINUTE);

        idle.until(() -> !idle.isReceiving());
        assertThat(idle.linkError())
                .isEqualTo("amqp:link:detach-forced "
                        + AmqpRefusal.STALLED.condition().getDescription());
        assertThat(idle.isOpen()).isTrue();
        try (JmsClient client = stage.client()) {
            assertThat(AmqpStage.next(AmqpStage.consumer(client), 20))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList());
        }
        outbox.awaitAccepted(20);
    }

    @Test
    void devicesOfOneWhoStallsWaitForItAndThenGoToOthersInOrder() throws Exception {
        idle.receive(QUEUE, 1);
        Outbox outbox = stage.outbox().add(1, "d1");
        idle.until(() -> outbox.underWay() == 1);

        try (JmsClient client = stage.client()) {
            MessageConsumer busy = AmqpStage.consumer(client);
            outbox.add(6, "d1", "d2");
            assertThat(AmqpStage.next(busy, 3)).containsExactly(3L, 5L, 7L);
            outbox.awaitAccepted(3);

            stage.pass(11 * MINUTE);

            assertThat(AmqpStage.next(busy, 4)).containsExactly(1L, 2L, 4L, 6L);
            outbox.awaitAccepted(7);
        }
    }

    @Test
    void whoSettlesNowAndThenStays() {
        idle.receive(QUEUE, 3);
        Outbox outbox = stage.outbox().add(3, "d1");
        idle.until(() -> outbox.underWay() == 3);

        for (int settled = 1; settled <= 3; settled++) {
            stage.pass(9 * MINUTE);
            idle.until(() -> idle.accept(1) == 1);
            int expected = settled;
            idle.until(() -> outbox.accepted.size() == expected);
        }

        stage.pass(HOUR);
        assertThat(outbox.returned).isEmpty();
        assertThat(idle.isReceiving()).isTrue();
    }

    /** It holds nothing, so there is nothing to take from it; but it is no consumer meanwhile. */
    @Test
    void whoGivesNoCreditForHoursStaysAndHoldsUpNobody() throws Exception {
        idle.receive(QUEUE, 2);
        Outbox outbox = stage.outbox().add(10, "d1");
        idle.until(() -> idle.accept(2) >= 0 && outbox.accepted.size() == 2);

        stage.pass(HOUR);

        assertThat(stage.attended()).isEmpty();
        assertThat(outbox.underWay()).isZero();
        try (JmsClient client = stage.client()) {
            assertThat(AmqpStage.next(AmqpStage.consumer(client), 8))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(3, 10).boxed().toList());
        }
        outbox.awaitAccepted(10);
        idle.flow(1);
        outbox.add(1, "d1");
        idle.until(() -> idle.accept(1) == 1);
        idle.until(() -> outbox.accepted.size() == 11);
    }
}
