// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static dev.downlink.push.AmqpStage.id;
import static dev.downlink.push.AmqpStage.next;
import static dev.downlink.support.JmsClient.consumer;
import static dev.downlink.support.JmsClient.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.BlockedEventLoops;
import dev.downlink.support.JmsClient;
import dev.downlink.support.TcpRelay;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import javax.jms.DeliveryMode;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues as the unmodified Qpid JMS client sees them. */
@Timeout(60)
@ExtendWith(BlockedEventLoops.class)
class AmqpConsumeTest {
    private final AmqpStage stage = new AmqpStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void eventsComeInOrderAsText() throws Exception {
        Outbox outbox = stage.start().outbox().add(1000, "d1");

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = AmqpStage.consumer(client);
            Message first = next(consumer);

            assertThat(first.getBody(String.class)).isEqualTo("{\"id\":1,\"device\":\"d1\",\"text\":\"Grüße\"}");
            assertThat(first.getStringProperty("JMSXGroupID")).isEqualTo("d1");
            assertThat(first.getJMSMessageID()).isEqualTo("ID:AMQP_NO_PREFIX:1");
            assertThat(first.getJMSTimestamp()).isEqualTo(Outbox.HAPPENED.toEpochMilli());
            assertThat(first.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
            assertThat(first.getJMSRedelivered()).isFalse();
            assertThat(next(consumer, 999)).isEqualTo(ids(2, 1000));
            outbox.awaitAccepted(1000);
        }
        assertThat(outbox.accepted).isEqualTo(ids(1, 1000));
        assertThat(outbox.returned).isEmpty();
    }

    @Test
    void eventsAreAcceptedWhenTheConsumerAcknowledges() throws Exception {
        Outbox outbox = stage.start().outbox().add(5, "d1");

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = consumer(client.session(Session.CLIENT_ACKNOWLEDGE), AmqpStage.QUEUE);
            List<Long> received = next(consumer, 4);
            Message fifth = next(consumer);

            assertThat(received).isEqualTo(ids(1, 4));
            assertThat(outbox.accepted).isEmpty();
            fifth.acknowledge();
            outbox.awaitAccepted(5);
        }
    }

    @Test
    void whatIsRecoveredComesAgain() throws Exception {
        Outbox outbox = stage.start().outbox().add(3, "d1");

        try (JmsClient client = stage.client()) {
            Session session = client.session(Session.CLIENT_ACKNOWLEDGE);
            MessageConsumer consumer = consumer(session, AmqpStage.QUEUE);
            List<Long> before = next(consumer, 3);
            session.recover();
            Message first = next(consumer);
            List<Long> after = next(consumer, 1);
            Message last = next(consumer);
            last.acknowledge();

            assertThat(before).isEqualTo(ids(1, 3));
            assertThat(List.of(id(first), after.getFirst(), id(last))).isEqualTo(ids(1, 3));
            assertThat(first.getJMSRedelivered()).isTrue();
            outbox.awaitAccepted(3);
        }
    }

    @Test
    void whatAClosedConsumerHadFetchedGoesToTheNext() throws Exception {
        Outbox outbox = stage.start().outbox().add(100, "d1", "d2", "d3");

        try (JmsClient client = stage.client()) {
            MessageConsumer first = AmqpStage.consumer(client);
            List<Long> before = next(first, 10);
            first.close();
            List<Long> after = next(AmqpStage.consumer(client), 90);

            assertThat(before).isEqualTo(ids(1, 10));
            assertThat(after).isEqualTo(ids(11, 100));
            outbox.awaitAccepted(100);
        }
    }

    /** A client that dies says nothing about the events that it has fetched. */
    @Test
    void whatADeadConsumerHadFetchedGoesToTheNextInOrder() throws Exception {
        Outbox outbox = stage.start().outbox().add(100, "d1", "d2", "d3");

        try (TcpRelay relay = new TcpRelay("127.0.0.1", stage.port());
                JmsClient dies = AmqpStage.clientAt("amqp://127.0.0.1:" + relay.port())) {
            MessageConsumer unlucky = consumer(dies.session(Session.CLIENT_ACKNOWLEDGE), AmqpStage.QUEUE);
            assertThat(next(unlucky, 10)).isEqualTo(ids(1, 10));
            await().until(() -> outbox.underWay() == 100);
            relay.cut();
            await().until(() -> outbox.returned.size() == 100);
        }

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = AmqpStage.consumer(client);
            Message first = next(consumer);
            assertThat(id(first)).isEqualTo(1);
            assertThat(first.getJMSRedelivered()).isTrue();
            assertThat(first.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
            assertThat(next(consumer, 99)).isEqualTo(ids(2, 100));
            outbox.awaitAccepted(100);
        }
        assertThat(outbox.accepted).isEqualTo(ids(1, 100));
    }

    @Test
    void consumersCompeteAndEachDeviceStaysInOrder() throws Exception {
        Outbox outbox = stage.start().outbox();
        List<Long> got = new CopyOnWriteArrayList<>();
        Set<String> busy = new TreeSet<>();

        try (JmsClient one = stage.client();
                JmsClient other = stage.client()) {
            AmqpStage.consumer(one).setMessageListener(m -> take(m, "one", got, busy));
            AmqpStage.consumer(other).setMessageListener(m -> take(m, "other", got, busy));
            outbox.add(2000, "d0", "d1", "d2", "d3", "d4", "d5", "d6");
            outbox.awaitAccepted(2000);
        }

        assertThat(busy).containsExactly("one", "other");
        assertThat(got).hasSize(2000).doesNotHaveDuplicates();
        for (long device = 0; device < 7; device++) {
            long which = device;
            assertThat(got.stream().filter(id -> (id - 1) % 7 == which)).isSorted();
        }
    }

    /** A device's next events wait for the consumer that has not finished with the last; those of others pass. */
    @Test
    void slowConsumerKeepsADeviceAndNotTheQueue() throws Exception {
        Outbox outbox = stage.start().outbox();

        try (JmsClient slowClient = stage.client("jms.prefetchPolicy.all=1");
                JmsClient client = stage.client()) {
            MessageConsumer slow = consumer(slowClient.session(Session.CLIENT_ACKNOWLEDGE), AmqpStage.QUEUE);
            outbox.add(1, "d1");
            Message held = next(slow);
            MessageConsumer quick = AmqpStage.consumer(client);
            outbox.add(4, "d1").add(4, "d2");

            assertThat(next(quick, 4)).isEqualTo(ids(6, 9));
            held.acknowledge();
            List<Long> rest = new ArrayList<>();
            while (outbox.accepted.size() < 9) {
                Message own = slow.receive(20);
                if (own != null) {
                    rest.add(id(own));
                    own.acknowledge();
                }
                Message moved = quick.receive(20);
                if (moved != null) {
                    rest.add(id(moved));
                }
            }
            assertThat(rest).isEqualTo(ids(2, 5));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, false", "4, false", "5, true"})
    void consumerSaysWhatBecomesOfAnEvent(int ackType, boolean refused) throws Exception {
        Outbox outbox = stage.start().outbox().add(1, "d1");

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = consumer(client.session(Session.CLIENT_ACKNOWLEDGE), AmqpStage.QUEUE);
            Message message = next(consumer);
            message.setIntProperty("JMS_AMQP_ACK_TYPE", ackType);
            message.acknowledge();

            if (refused) {
                await().until(() -> outbox.refused.containsKey(1L));
            } else {
                Message again = next(consumer);
                assertThat(again.getJMSRedelivered()).isEqualTo(ackType == 4);
                again.acknowledge();
                outbox.awaitAccepted(1);
            }
        }
    }

    @Test
    void eventsThatAreTakenAsSettledAreAcceptedWhenTheyAreSent() throws Exception {
        Outbox outbox = stage.start().outbox().add(1000, "d1");

        try (JmsClient client = stage.client("jms.presettlePolicy.presettleConsumers=true")) {
            MessageConsumer consumer = AmqpStage.consumer(client);

            assertThat(next(consumer, 1000)).isEqualTo(ids(1, 1000));
            outbox.awaitAccepted(1000);
            assertThat(outbox.accepted).isEqualTo(ids(1, 1000));
        }
    }

    @Test
    void emptyQueueIsSaidToBeEmpty() throws Exception {
        Outbox outbox = stage.start().outbox();

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = AmqpStage.consumer(client);

            assertThat(consumer.receiveNoWait()).isNull();
            assertThat(consumer.receive(10)).isNull();
            outbox.add(2, "d1");
            assertThat(next(consumer, 2)).isEqualTo(ids(1, 2));
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void consumerThatFetchesOneByOneGetsThem() throws Exception {
        stage.start().outbox().add(3, "d1");

        try (JmsClient client = stage.client("jms.prefetchPolicy.all=0")) {
            MessageConsumer consumer = AmqpStage.consumer(client);

            assertThat(id(consumer.receiveNoWait())).isEqualTo(1);
            assertThat(next(consumer, 2)).isEqualTo(ids(2, 3));
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void noMoreAreSentThanOneReceiverMayHold() throws Exception {
        Outbox outbox = stage.start("AMQP_MAX_CREDIT", "7").outbox().add(100, "d1");

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = consumer(client.session(Session.CLIENT_ACKNOWLEDGE), AmqpStage.QUEUE);
            next(consumer, 6);
            Message seventh = next(consumer);

            assertThat(consumer.receiveNoWait()).isNull();
            seventh.acknowledge();
            assertThat(next(consumer, 7)).isEqualTo(ids(8, 14));
            assertThat(outbox.accepted).isEqualTo(ids(1, 7));
        }
    }

    @Test
    void clientComesBackAfterItsConnectionWasLost() throws Exception {
        Outbox outbox = stage.start().outbox().add(10, "d1");

        try (TcpRelay relay = new TcpRelay("127.0.0.1", stage.port());
                JmsClient client = AmqpStage.clientAt("failover:(amqp://127.0.0.1:" + relay.port() + ")")) {
            MessageConsumer consumer = AmqpStage.consumer(client);
            assertThat(next(consumer, 10)).isEqualTo(ids(1, 10));
            outbox.awaitAccepted(10);
            relay.cut();
            outbox.add(10, "d1");
            relay.join();

            // what was on its way when the connection was lost may come twice
            Set<Long> told = new LinkedHashSet<>();
            while (told.size() < 10) {
                told.addAll(next(consumer, 1));
            }
            assertThat(told).containsExactlyElementsOf(ids(11, 20));
        }
    }

    @Test
    void sinkThatIsClosedGivesBackWhatIsUnderWay() throws Exception {
        Outbox outbox = stage.start().outbox().add(10, "d1");

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = consumer(client.session(Session.CLIENT_ACKNOWLEDGE), AmqpStage.QUEUE);
            next(consumer, 9);
            Message tenth = next(consumer);
            outbox.closeSink();
            assertThat(outbox.returned).isEqualTo(ids(1, 10));
            tenth.acknowledge();

            Outbox another = stage.outbox().add(5, "d1");
            assertThat(next(consumer, 5)).isEqualTo(ids(1, 5));
            assertThat(another.underWay()).isEqualTo(5);
            assertThat(outbox.accepted).isEmpty();
        }
    }

    @Test
    void queueIsAttendedAsLongAsSomebodyIsThere() throws Exception {
        stage.start();
        assertThat(stage.attended()).isEmpty();

        try (JmsClient client = stage.client()) {
            MessageConsumer consumer = AmqpStage.consumer(client);
            await().until(() -> stage.attended().equals(Set.of(new QueueKey(AmqpStage.PROJECT, AmqpStage.QUEUE))));
            consumer.close();
            await().until(() -> stage.attended().isEmpty());
        }
    }

    /** Those who do not want anything now leave the events to others. */
    @Test
    void queueIsNotAttendedByOneWhoGivesNoCredit() throws Exception {
        stage.start(50);

        try (JmsClient client = stage.client("jms.prefetchPolicy.all=0")) {
            MessageConsumer consumer = AmqpStage.consumer(client);
            assertThat(stage.attended()).isEmpty();
            assertThat(consumer.receiveNoWait()).isNull();
            assertThat(stage.attended()).hasSize(1);
            await().until(() -> stage.attended().isEmpty());
        }
    }

    private static void take(Message message, String who, List<Long> got, Set<String> busy) {
        try {
            synchronized (got) {
                got.add(id(message));
                busy.add(who);
            }
        } catch (javax.jms.JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Long> ids(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
