// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static dev.downlink.push.AmqpStage.CODE;
import static dev.downlink.push.AmqpStage.KEY;
import static dev.downlink.push.AmqpStage.QUEUE;
import static dev.downlink.push.AmqpStage.next;
import static dev.downlink.support.JmsClient.consumer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.Notice;
import dev.downlink.support.BlockedEventLoops;
import dev.downlink.support.JmsClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a consumer may open, and what not. */
@Timeout(60)
@ExtendWith(BlockedEventLoops.class)
class AmqpLinkTest {
    private final AmqpStage stage = new AmqpStage();
    private JmsClient client;
    private Session session;

    @BeforeEach
    void connect() throws Exception {
        stage.start("AMQP_MAX_LINKS", "3");
        client = stage.client();
        session = client.session(Session.AUTO_ACKNOWLEDGE);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        stage.close();
    }

    @Test
    void unknownQueueIsNotFound() {
        assertRefused(() -> consumer(session, "nowhere"), "amqp:not-found");
    }

    @Test
    void nobodyMaySend() {
        assertRefused(() -> session.createProducer(session.createQueue(QUEUE)), "amqp:not-allowed");
    }

    @Test
    void thereAreNoTransactions() {
        assertThatThrownBy(() -> client.connection().createSession(true, Session.SESSION_TRANSACTED))
                .hasMessageContaining("amqp:not-implemented");
    }

    @Test
    void selectorsAndBrowsersAreRefused() {
        assertRefused(() -> session.createConsumer(session.createQueue(QUEUE), "a = 1"), "amqp:not-implemented");
        assertRefused(() -> session.createBrowser(session.createQueue(QUEUE)).getEnumeration(), "amqp:not-implemented");
    }

    @Test
    void temporaryQueuesAreRefused() {
        assertRefused(session::createTemporaryQueue, "amqp:not-allowed");
    }

    @Test
    void aConnectionHasOnlySoManyReceivers() throws Exception {
        List<MessageConsumer> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(AmqpStage.consumer(client));
        }

        assertRefused(() -> AmqpStage.consumer(client), "amqp:resource-limit-exceeded");
        three.getFirst().close();
        AmqpStage.consumer(client).close();
    }

    @Test
    void aConnectionHasOnlySoManySessions() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        client.session(Session.AUTO_ACKNOWLEDGE).createConsumer(null);
                    }
                })
                .isInstanceOf(JMSException.class);
    }

    @Test
    void severalQueuesMayBeConsumedOverOneConnection() throws Exception {
        stage.queue("another-queue");
        stage.outbox().add(3, "d1");
        stage.outbox("another-queue").add(5, "d1");

        MessageConsumer one = AmqpStage.consumer(client);
        MessageConsumer other = consumer(client.session(Session.AUTO_ACKNOWLEDGE), "another-queue");

        assertThat(next(other, 5)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(next(one, 3)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void consumersOfADeletedQueueAreToldSo() throws Exception {
        MessageConsumer consumer = AmqpStage.consumer(client);
        stage.queues.clear();

        Bus.of(stage.vertx).publish(new Notice.RulesChanged(AmqpStage.PROJECT));

        await().until(() -> stage.attended().isEmpty());
        assertThatThrownBy(() -> consumer.receive(10_000)).hasStackTraceContaining("amqp:resource-deleted");
    }

    @Test
    void stopSendsConsumersAwayAndGivesBackWhatTheyHad() throws Exception {
        Outbox outbox = stage.outbox().add(10, "d1");
        CompletableFuture<JMSException> lost = new CompletableFuture<>();
        client.connection().setExceptionListener(lost::complete);
        next(consumer(client.session(Session.CLIENT_ACKNOWLEDGE), QUEUE), 10);

        stage.stop();

        assertThat(lost.get()).hasMessageContaining("this node stops");
        assertThat(outbox.returned).hasSize(10);
    }

    @Test
    void eventThatAReceiverCannotTakeIsRefused() {
        try (EngineClient small = EngineClient.open(stage.port(), KEY, CODE, 0)) {
            small.receive(QUEUE, 10, 100);
            Outbox outbox = stage.outbox().add(1, "d1");

            small.until(() -> outbox.refused.containsKey(1L));
            assertThat(outbox.refused.get(1L)).startsWith("larger than the 100 bytes");
        }
    }

    @Test
    void frameThatWouldKeepTheEngineBusyEndsTheConnection() {
        try (EngineClient hostile = EngineClient.open(stage.port(), KEY, CODE, 0)) {
            hostile.receive(QUEUE, 10);
            hostile.settleEverything();
            assertThat(hostile.isClosedByPeer()).isTrue();
        }
        await().until(() -> stage.attended().isEmpty());
    }

    @Test
    void aDetachedReceiverIsGone() {
        Outbox outbox = stage.outbox().add(5, "d1");

        try (EngineClient other = EngineClient.open(stage.port(), KEY, CODE, 0)) {
            other.receive(QUEUE, 5);
            other.until(() -> outbox.underWay() == 5);
            other.detach();
            other.until(() -> outbox.returned.size() == 5);
            assertThat(other.isOpen()).isTrue();
        }
    }

    @Test
    void anEndedSessionTakesItsReceiversWithIt() {
        Outbox outbox = stage.outbox().add(5, "d1");

        try (EngineClient other = EngineClient.open(stage.port(), KEY, CODE, 0)) {
            other.receive(QUEUE, 5);
            other.until(() -> outbox.underWay() == 5);
            other.endSession();
            other.until(() -> outbox.returned.size() == 5);
            assertThat(other.isOpen()).isTrue();
        }
    }

    private static void assertRefused(ThrowingCallable what, String condition) {
        assertThatThrownBy(what).isInstanceOf(JMSException.class).hasMessageContaining(condition);
    }
}
