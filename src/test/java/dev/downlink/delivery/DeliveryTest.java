// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.Presence;
import dev.downlink.model.ProjectId;
import dev.downlink.model.StoredMessage;
import dev.downlink.model.Subscription;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.AdapterRequest.WakeConnection;
import dev.downlink.protocol.AdapterRequest.WithdrawMessage;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest.Broadcast;
import dev.downlink.protocol.DeliveryRequest.DeleteMessage;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.SendMessage;
import dev.downlink.protocol.DeliveryRequest.Sent;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows;
import dev.downlink.protocol.Notice;
import dev.downlink.support.Outcome;
import dev.downlink.support.Samples;
import dev.downlink.support.TestSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The room on a real Vert.x; registry, repository and adapters are played by the test. */
class DeliveryTest {
    private static final ProjectId PROJECT = new ProjectId("project");
    private static final DeviceId DEVICE = new DeviceId("WaterMeter_0001");
    private static final Address HERE = Address.mqtt(1, 0);
    private static final Address THERE = Address.mqtt(2, 0);

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.of(vertx);
    private final Neighbours neighbours = new Neighbours(bus);

    @BeforeEach
    void deploy() {
        var settings = TestSettings.of("MESSAGES_MAX_WAIT", "300ms");
        Outcome.of(vertx.deployVerticle(DeliveryVerticle.instances(settings, new NodeIdentity(1, "test"))
                .get()));
    }

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    @Test
    void messageIsStoredBeforeItIsHandedOver() {
        online(HERE);
        neighbours.adapter(HERE, this::settle);

        Sent sent = Outcome.of(send(message("m-1", 60)));

        assertThat(sent.status()).isEqualTo(MessageStatus.DELIVERED);
        assertThat(sent.created()).isEqualTo(Neighbours.NOON);
        assertThat(sent.finished()).isEqualTo(Neighbours.NOON);
        assertThat(neighbours.asked.stream()
                        .filter(q -> !(q instanceof MessageRows.ExpireMessages))
                        .map(Object::getClass)
                        .map(Class::getSimpleName))
                .containsExactly("InsertMessage", "SelectPresence", "DeliverMessage", "SettleMessage");
    }

    @Test
    void whoeverHoldsTheDeviceIsRemembered() {
        online(HERE);
        neighbours.adapter(HERE, this::settle);
        Outcome.of(send(message("m-1", 60)));

        Outcome.of(send(message("m-2", 60)));

        assertThat(neighbours.asked(dev.downlink.protocol.SessionRows.SelectPresence.class))
                .hasSize(1);
    }

    @Test
    void messageForADeviceThatIsNotConnectedWaits() {
        Sent sent = Outcome.of(send(message("m-1", 60)));

        assertThat(sent.status()).isEqualTo(MessageStatus.PENDING);
        assertThat(sent.finished()).isNull();
        assertThat(neighbours.asked(MessageRows.SettleMessage.class)).isEmpty();
    }

    @Test
    void messageThatIsNotToWaitFailsWithoutConnection() {
        Sent sent = Outcome.of(send(message("m-1", 0)));

        assertThat(sent.status()).isEqualTo(MessageStatus.FAILED);
        assertThat(neighbours.asked(MessageRows.SettleMessage.class))
                .singleElement()
                .satisfies(q -> assertThat(q.error()).isEqualTo(MessageError.DEVICE_OFFLINE));
    }

    @Test
    void unacknowledgedMessageIsPendingWhenTheWaitIsOver() {
        online(HERE);
        neighbours.adapter(HERE, _ -> Future.succeededFuture(Done.DONE));

        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.PENDING);
    }

    @Test
    void messageThatWaitsForASubscriptionIsPendingAtOnce() {
        neighbours.settled = MessageStatus.PENDING;
        online(HERE);
        neighbours.adapter(HERE, this::settle);

        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.PENDING);
    }

    @Test
    void messageFollowsADeviceThatMoved() {
        online(HERE);
        neighbours.adapter(HERE, d -> {
            online(THERE);
            return Future.failedFuture(
                    new Failed(new Failure.NotHere(d.message().key().connection())));
        });
        neighbours.adapter(THERE, this::settle);

        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.DELIVERED);
    }

    @Test
    void messageWaitsWhenItsHolderJustLostTheDevice() {
        online(HERE);
        neighbours.adapter(
                HERE,
                d -> Future.failedFuture(
                        new Failed(new Failure.NotHere(d.message().key().connection()))));

        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.PENDING);
        assertThat(neighbours.asked(DeliverMessage.class)).hasSize(1);
    }

    @Test
    void messageWaitsWhenItsHoldersNodeIsGone() {
        online(THERE);

        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.PENDING);
    }

    @Test
    void adapterThatCannotBeReachedIsWokenWhenItCan() {
        online(HERE);
        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.PENDING);

        neighbours.adapter(HERE, _ -> Future.succeededFuture(Done.DONE));

        awaitWakeUp();
    }

    @Test
    void adapterThatCouldNotTakeAMessageIsWokenLater() {
        online(HERE);
        neighbours.adapter(HERE, _ -> Future.failedFuture(new Failed(new Failure.Busy("mqtt"))));

        assertThat(Outcome.of(send(message("m-1", 60))).status()).isEqualTo(MessageStatus.PENDING);

        awaitWakeUp();
    }

    @Test
    void deviceIsWokenWhenItIsNotKnownWhetherAMessageWasStored() {
        online(HERE);
        neighbours.adapter(HERE, _ -> Future.succeededFuture(Done.DONE));
        neighbours.insertFails = new Failure.StorageUnavailable();

        assertThat(Outcome.failure(send(message("m-1", 60)))).isEqualTo(new Failure.StorageUnavailable());

        awaitWakeUp();
    }

    @Test
    void whatNewerMessagesReplacedIsNotSent() {
        MessageKey oldest = key("m-0");
        online(HERE);
        neighbours.adapter(HERE, this::settle);
        neighbours.pushedOut = List.of(oldest);

        Outcome.of(send(message("m-1", 60)));

        Awaitility.await()
                .untilAsserted(() -> assertThat(neighbours.asked(WithdrawMessage.class))
                        .containsExactly(new WithdrawMessage(oldest)));
    }

    @Test
    void cacheOfTheProductCounts() {
        MessageCache own = new MessageCache(3, MessageCache.Overflow.REFUSE);
        neighbours.product = Samples.product().withMessageCache(own);

        Outcome.of(send(message("m-1", 60)));

        assertThat(neighbours.asked(MessageRows.InsertMessage.class).getFirst().cache())
                .isEqualTo(own);
    }

    @Test
    void cacheOfTheSettingsCountsOtherwise() {
        neighbours.product = Samples.product().withMessageCache(null);

        Outcome.of(send(message("m-1", 60)));

        assertThat(neighbours.asked(MessageRows.InsertMessage.class).getFirst().cache())
                .isEqualTo(new MessageCache(20, MessageCache.Overflow.REPLACE_OLDEST));
    }

    @Test
    void repeatedMessageIsAnsweredWithWhatBecameOfTheFirst() {
        Message message = message("m-1", 60);
        neighbours.insertFails = new Failure.AlreadyExists("message", "m-1");
        neighbours.stored = stored(message);

        Sent sent = Outcome.of(bus.ask(new SendMessage(PROJECT, DEVICE, message, Neighbours.NOON, true)));

        assertThat(sent.status()).isEqualTo(MessageStatus.TIMEOUT);
        assertThat(neighbours.asked(DeliverMessage.class)).isEmpty();
    }

    @Test
    void repeatedIdWithOtherContentIsRefused() {
        neighbours.insertFails = new Failure.AlreadyExists("message", "m-1");
        neighbours.stored = stored(message("m-1", 120));

        Future<Sent> sent = bus.ask(new SendMessage(PROJECT, DEVICE, message("m-1", 60), Neighbours.NOON, true));

        assertThat(Outcome.failure(sent)).isEqualTo(new Failure.AlreadyExists("message", "m-1"));
    }

    @Test
    void repeatedIdIsRefusedUnlessAskedFor() {
        neighbours.insertFails = new Failure.AlreadyExists("message", "m-1");
        neighbours.stored = stored(message("m-1", 60));

        assertThat(Outcome.failure(send(message("m-1", 60)))).isEqualTo(new Failure.AlreadyExists("message", "m-1"));
    }

    @Test
    void topicMustBeOneOfTheProduct() {
        assertThat(Outcome.failure(send(message("m-1", "down/later", null))))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("topic"));
        assertThat(Outcome.of(send(message("m-1", "down/now", null))).status()).isEqualTo(MessageStatus.PENDING);
    }

    @Test
    void endIsToldToTheInstanceThatWaits() {
        List<Notice.MessageSettled> heard = new CopyOnWriteArrayList<>();
        Address other = Address.delivery(7, 3);
        Outcome.of(bus.hear(other, Notice.MessageSettled.class, heard::add));

        Outcome.of(bus.ask(new Settle(key("m-1"), Fate.DELIVERED, null, List.of(), other)));

        Awaitility.await()
                .untilAsserted(() -> assertThat(heard)
                        .containsExactly(
                                new Notice.MessageSettled(key("m-1"), MessageStatus.DELIVERED, Neighbours.NOON)));
    }

    @Test
    void expiryGoesOnWhileMoreIsDue() {
        IntStream.range(0, 3).forEach(_ -> neighbours.expired.add(new MessageRows.Expired(1000, true)));

        Awaitility.await().until(() -> neighbours.expired.isEmpty());

        assertThat(neighbours.asked(MessageRows.ExpireMessages.class)).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void deletedMessageIsNotSent() {
        online(HERE);
        neighbours.adapter(HERE, this::settle);

        Outcome.of(bus.ask(new DeleteMessage(PROJECT, DEVICE, new MessageId("m-1"))));

        assertThat(neighbours.asked(MessageRows.DeleteMessageRow.class)).hasSize(1);
        assertThat(neighbours.asked(WithdrawMessage.class)).containsExactly(new WithdrawMessage(key("m-1")));
    }

    @Test
    void broadcastIsToldToAllAdapters() {
        List<Notice.BroadcastSent> heard = new CopyOnWriteArrayList<>();
        Outcome.of(bus.hear(Notice.BroadcastSent.class, heard::add));

        Outcome.of(broadcast(0));

        Awaitility.await()
                .untilAsserted(() -> assertThat(heard)
                        .containsExactly(
                                new Notice.BroadcastSent(PROJECT, Neighbours.SPACE, "$oc/broadcast/all", "aGk=")));
        assertThat(neighbours.asked(MessageRows.InsertMessage.class)).isEmpty();
    }

    @Test
    void broadcastThatWaitsIsStoredForEachSubscriber() {
        neighbours.listeners = List.of(
                listener(1, "$oc/broadcast/+"), listener(2, "$oc/broadcast/other"), listener(3, "$oc/broadcast/all"));

        Outcome.of(broadcast(60));

        assertThat(neighbours.asked(MessageRows.InsertMessage.class))
                .extracting(q -> q.device().value())
                .containsExactlyInAnyOrder("d_0001", "d_0003");
        assertThat(neighbours.asked(MessageRows.InsertMessage.class))
                .allSatisfy(q -> assertThat(q.message().topicFullName()).isEqualTo("$oc/broadcast/all"));
    }

    @Test
    void broadcastThatWaitsMayHaveTenSubscribers() {
        neighbours.listeners = IntStream.rangeClosed(1, 2500)
                .mapToObj(i -> listener(i, i % 250 == 0 ? "$oc/broadcast/all" : "$oc/broadcast/other"))
                .toList();
        Outcome.of(broadcast(60));
        assertThat(neighbours.asked(MessageRows.InsertMessage.class)).hasSize(10);

        neighbours.listeners = IntStream.rangeClosed(1, 11)
                .mapToObj(i -> listener(i, "$oc/broadcast/#"))
                .toList();

        assertThat(Outcome.failure(broadcast(60))).isInstanceOf(Failure.LimitReached.class);
        assertThat(neighbours.asked(MessageRows.InsertMessage.class)).hasSize(10);
    }

    private void awaitWakeUp() {
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(neighbours.asked(WakeConnection.class)).contains(new WakeConnection(DEVICE)));
    }

    private Future<Done> settle(DeliverMessage taken) {
        var _ = bus.ask(new Settle(taken.message().key(), Fate.DELIVERED, null, List.of(), taken.origin()));
        return Future.succeededFuture(Done.DONE);
    }

    private void online(Address at) {
        neighbours.holder = new Presence.Holder(at.value(), 1);
    }

    private Future<Sent> send(Message message) {
        return bus.ask(new SendMessage(PROJECT, DEVICE, message, Neighbours.NOON, false));
    }

    private Future<?> broadcast(int ttl) {
        return bus.ask(new Broadcast(PROJECT, null, "$oc/broadcast/all", "aGk=", ttl, new MessageId("b-1"), true));
    }

    private static MessageRows.Listener listener(int number, String filter) {
        return new MessageRows.Listener(new DeviceId("d_%04d".formatted(number)), List.of(new Subscription(filter, 1)));
    }

    private static MessageKey key(String id) {
        return new MessageKey(DEVICE, DEVICE, new MessageId(id));
    }

    private static Message message(String id, int ttl) {
        return new Message(
                new MessageId(id),
                null,
                new Json("\"hello\""),
                Message.Encoding.NONE,
                Message.Format.STANDARD,
                null,
                null,
                null,
                ttl);
    }

    private static Message message(String id, @Nullable String topic, @Nullable String fullName) {
        return new Message(
                new MessageId(id),
                null,
                new Json("{}"),
                Message.Encoding.NONE,
                Message.Format.RAW,
                topic,
                fullName,
                null,
                60);
    }

    private static StoredMessage stored(Message message) {
        return new StoredMessage(
                DEVICE,
                DEVICE,
                message,
                MessageStatus.TIMEOUT,
                MessageError.EXPIRED,
                Neighbours.NOON,
                Neighbours.NOON,
                List.of());
    }
}
