// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.CHILD;
import static dev.downlink.registry.Samples.DEFAULT;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.GRANDCHILD;
import static dev.downlink.registry.Samples.METER;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.AccessKey;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.model.Subject;
import dev.downlink.model.User;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.OutboxRows;
import dev.downlink.protocol.ProductRequest;
import dev.downlink.protocol.RegistryRequest.FindAccount;
import dev.downlink.protocol.RegistryRequest.FindInterest;
import dev.downlink.protocol.RegistryRequest.FindKey;
import dev.downlink.protocol.RegistryRequest.FindLogin;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.RegistryRequest.Login;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {
    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.repository.devices.add(Samples.device(CHILD, GATEWAY));
        room.repository.devices.add(Samples.device(GRANDCHILD, CHILD));
    }

    @AfterEach
    void stop() {
        room.close();
    }

    private int reads() {
        return room.repository.asked(DeviceRows.SelectDevice.class).size();
    }

    private void replace(Device old, Device changed) {
        room.repository.devices.replaceAll(d -> d.id().equals(old.id()) ? changed : d);
    }

    @Test
    void deviceThatConnectsByItselfIsItsOwnTarget() {
        var target = room.ask(new FindTarget(OURS, GATEWAY));

        assertThat(target.connection()).isEqualTo(GATEWAY);
        assertThat(target.device().id()).isEqualTo(GATEWAY);
        assertThat(target.product().id()).isEqualTo(METER);
        assertThat(target.frozen()).isFalse();
    }

    @Test
    void grandchildIsReachedThroughTheTopmostGateway() {
        var target = room.ask(new FindTarget(OURS, GRANDCHILD));

        assertThat(target.device().id()).isEqualTo(GRANDCHILD);
        assertThat(target.connection()).isEqualTo(GATEWAY);
    }

    @Test
    void childOfFrozenGatewayIsFrozen() {
        Device gateway = Samples.device(GATEWAY, null);
        replace(gateway, gateway.withFrozen(true));

        assertThat(room.ask(new FindTarget(OURS, GRANDCHILD)).frozen()).isTrue();
    }

    @Test
    void anotherProjectsDeviceDoesNotExist() {
        assertThat(room.refusal(new FindTarget(THEIRS, GATEWAY))).isEqualTo(new Failure.DeviceNotFound(GATEWAY));
    }

    @Test
    void anotherProjectsDeviceDoesNotExistAlsoWhenItIsInMemory() {
        room.ask(new FindTarget(OURS, GATEWAY));

        assertThat(room.refusal(new FindTarget(THEIRS, GATEWAY))).isEqualTo(new Failure.DeviceNotFound(GATEWAY));
    }

    @Test
    void secondQuestionIsAnsweredFromMemory() {
        room.ask(new FindTarget(OURS, GRANDCHILD));
        int before = reads();

        var target = room.ask(new FindTarget(OURS, GRANDCHILD));

        assertThat(target.connection()).isEqualTo(GATEWAY);
        assertThat(before).isEqualTo(3);
        assertThat(reads()).isEqualTo(3);
    }

    @Test
    void loginAndTargetShareWhatIsInMemory() {
        room.ask(new FindTarget(OURS, GATEWAY));

        Login login = room.ask(new FindLogin(GATEWAY));

        assertThat(login.device().auth().secret()).isEqualTo(new Secret("primary-secret"));
        assertThat(login.product().id()).isEqualTo(METER);
        assertThat(reads()).isEqualTo(1);
    }

    @Test
    void absenceIsAskedAgain() {
        DeviceId late = new DeviceId("late");
        assertThat(room.refusal(new FindLogin(late))).isEqualTo(new Failure.DeviceNotFound(late));
        room.repository.devices.add(Samples.device(late, null));

        assertThat(room.ask(new FindLogin(late)).device().id()).isEqualTo(late);
    }

    @Test
    void failureIsAskedAgain() {
        room.repository.on(
                DeviceRows.SelectDevice.class,
                _ -> reads() == 1 ? Future.failedFuture(new Failed(new Failure.StorageUnavailable())) : null);
        assertThat(room.refusal(new FindLogin(GATEWAY))).isEqualTo(new Failure.StorageUnavailable());

        assertThat(room.ask(new FindLogin(GATEWAY)).device().id()).isEqualTo(GATEWAY);
    }

    @Test
    void announcedChangeMakesDeviceStale() {
        room.ask(new FindLogin(GATEWAY));
        Device gateway = Samples.device(GATEWAY, null);
        replace(gateway, gateway.withFrozen(true));

        room.bus.publish(new Notice.DeviceChanged(GATEWAY));

        assertThat(room.ask(new FindLogin(GATEWAY)).device().frozen()).isTrue();
    }

    @Test
    void changeOfGatewayMakesItsChildrensTargetStale() {
        room.ask(new FindTarget(OURS, GRANDCHILD));
        Device gateway = Samples.device(GATEWAY, null);
        replace(gateway, gateway.withFrozen(true));

        room.bus.publish(new Notice.DeviceChanged(GATEWAY));

        assertThat(room.ask(new FindTarget(OURS, GRANDCHILD)).frozen()).isTrue();
        assertThat(reads()).isEqualTo(4);
    }

    @Test
    void changeOfProductMakesAllItsDevicesStale() {
        room.ask(new FindLogin(GATEWAY));
        room.ask(new FindLogin(CHILD));
        room.repository.products.set(0, Samples.product(DEFAULT, METER, 2));

        room.bus.publish(new Notice.ProductChanged(OURS, METER));

        assertThat(room.ask(new FindLogin(GATEWAY)).product().version()).isEqualTo(2);
        assertThat(room.ask(new FindLogin(CHILD)).product().version()).isEqualTo(2);
    }

    @Test
    void changeOfAnotherProjectsProductLeavesOursInMemory() {
        room.ask(new FindLogin(GATEWAY));

        room.bus.publish(new Notice.ProductChanged(THEIRS, METER));

        room.ask(new FindLogin(GATEWAY));
        assertThat(reads()).isEqualTo(1);
    }

    /** The settings keep 100 devices in memory. */
    @Test
    void memoryIsBounded() {
        List<DeviceId> many =
                IntStream.range(0, 150).mapToObj(i -> new DeviceId("d-" + i)).toList();
        many.forEach(id -> room.repository.devices.add(Samples.device(id, null)));
        many.forEach(id -> room.ask(new FindLogin(id)));
        int before = reads();

        many.forEach(id -> room.ask(new FindLogin(id)));

        assertThat(before).isEqualTo(150);
        assertThat(reads()).isGreaterThanOrEqualTo(200).isLessThan(300);
    }

    @Test
    void simultaneousQuestionsShareOneRead() {
        Promise<DeviceRows.DeviceWithProduct> slow = Promise.promise();
        room.repository.on(DeviceRows.SelectDevice.class, _ -> slow.future());
        Future<Login> first = room.bus.ask(new FindLogin(GATEWAY));
        Future<Login> second = room.bus.ask(new FindLogin(GATEWAY));

        // answered after both have arrived, since the room takes one at a time
        assertThat(room.refusal(new FindKey("none"))).isInstanceOf(Failure.NotFound.class);
        slow.complete(new DeviceRows.DeviceWithProduct(Samples.device(GATEWAY, null), Samples.product(DEFAULT)));

        assertThat(Room.get(first)).isEqualTo(Room.get(second));
        assertThat(reads()).isEqualTo(1);
    }

    @Test
    void readThatAChangeOvertakesIsNotKept() throws InterruptedException {
        overtake(new Notice.DeviceChanged(GATEWAY));

        assertThat(room.ask(new FindLogin(GATEWAY)).device().frozen()).isTrue();
    }

    @Test
    void readThatAProductsChangeOvertakesIsNotKept() throws InterruptedException {
        overtake(new Notice.ProductChanged(OURS, METER));

        assertThat(room.ask(new FindLogin(GATEWAY)).device().frozen()).isTrue();
    }

    /** Lets a read see the state before a change and end after the change was announced. */
    private void overtake(Notice.Event change) throws InterruptedException {
        var before = new DeviceRows.DeviceWithProduct(Samples.device(GATEWAY, null), Samples.product(DEFAULT));
        Promise<DeviceRows.DeviceWithProduct> slow = Promise.promise();
        CountDownLatch reading = new CountDownLatch(1);
        room.repository.on(DeviceRows.SelectDevice.class, _ -> {
            reading.countDown();
            return reads() == 1 ? slow.future() : null;
        });
        Future<Login> waiting = room.bus.ask(new FindLogin(GATEWAY));
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
        replace(before.device(), before.device().withFrozen(true));
        room.bus.publish(change);
        slow.complete(before);
        assertThat(Room.get(waiting).device().frozen()).isFalse();
    }

    @Test
    void whoAsksAfterAChangeDoesNotJoinAnEarlierRead() throws InterruptedException {
        Promise<DeviceRows.DeviceWithProduct> never = Promise.promise();
        CountDownLatch reading = new CountDownLatch(1);
        room.repository.on(DeviceRows.SelectDevice.class, _ -> {
            reading.countDown();
            return reads() == 1 ? never.future() : null;
        });
        Future<Login> waiting = room.bus.ask(new FindLogin(GATEWAY));
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

        room.bus.publish(new Notice.DeviceChanged(GATEWAY));

        assertThat(room.ask(new FindLogin(GATEWAY)).device().id()).isEqualTo(GATEWAY);
        assertThat(waiting.isComplete()).isFalse();
    }

    @Test
    void instanceThatMadeAChangeDoesNotWaitToHearOfIt() {
        Facts deaf = new Facts(room.bus, Samples.settings().registry());
        Changes changes = new Changes(room.bus, deaf);
        Room.get(deaf.login(GATEWAY));

        changes.device(GATEWAY);

        Room.get(deaf.login(GATEWAY));
        assertThat(reads()).isEqualTo(2);
    }

    @Test
    void ownChangeIsSeenByTheNextQuestion() {
        room.ask(new FindTarget(OURS, GATEWAY));

        room.ask(new DeviceRequest.FreezeDevice(OURS, GATEWAY));

        assertThat(room.ask(new FindTarget(OURS, GATEWAY)).frozen()).isTrue();
    }

    @Test
    void ownChangeOfProductIsSeenByTheNextQuestion() {
        room.ask(new FindTarget(OURS, GATEWAY));

        room.ask(new ProductRequest.UpdateProduct(OURS, null, METER, Samples.draft("Renamed")));

        assertThat(room.ask(new FindTarget(OURS, GATEWAY)).product().name()).isEqualTo("Renamed");
    }

    @Test
    void keyIsReadOnceUntilAccountsChange() {
        room.repository.keys.add(new AccessKey("AK", new Secret("a-secret-of-a-key"), OURS, Samples.NOW));
        var first = room.ask(new FindKey("AK"));
        var second = room.ask(new FindKey("AK"));
        room.repository.keys.clear();

        room.bus.publish(new Notice.AccountsChanged());

        assertThat(first).isEqualTo(second);
        assertThat(room.refusal(new FindKey("AK"))).isEqualTo(new Failure.NotFound("access key", "AK"));
        assertThat(room.repository.asked(AccountRows.SelectKey.class)).hasSize(2);
    }

    @Test
    void eachInstanceTellsItsNodeThatItForgot() {
        Queue<Notice> heard = new ConcurrentLinkedQueue<>();
        Room.get(room.bus.hear(Notice.Forgotten.class, heard::add));
        Notice.Change change = new Notice.ProductChanged(OURS, METER);

        room.bus.publish(change);

        Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly(new Notice.Forgotten(change)));
    }

    @Test
    void whoChangedSomethingHasForgottenBeforeItIsAnswered() {
        Queue<Notice> heard = new ConcurrentLinkedQueue<>();
        Room.get(room.bus.hear(Notice.Forgotten.class, heard::add));

        room.ask(new ProductRequest.UpdateProduct(OURS, null, METER, Samples.draft("Renamed")));

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(heard).contains(new Notice.Forgotten(new Notice.ProductChanged(OURS, METER))));
    }

    @Test
    void accountIsReadOnceUntilAccountsChange() {
        room.repository.users.add(new User("d", "u", new Secret("old"), Samples.NOW, List.of()));
        room.ask(new FindAccount("d", "u"));
        var first = room.ask(new FindAccount("d", "u"));
        room.repository.users.set(0, new User("d", "u", new Secret("new"), Samples.NOW, List.of()));

        room.bus.publish(new Notice.AccountsChanged());

        assertThat(first.user().passwordHash()).isEqualTo(new Secret("old"));
        assertThat(room.ask(new FindAccount("d", "u")).user().passwordHash()).isEqualTo(new Secret("new"));
        assertThat(room.repository.asked(AccountRows.SelectUser.class)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "child", "grandchild"})
    void connectionSpeaksForItselfAndAllBelowIt(String device) {
        var target = room.ask(new FindRelative(GATEWAY, new DeviceId(device)));

        assertThat(target.device().id()).isEqualTo(new DeviceId(device));
        assertThat(target.connection()).isEqualTo(GATEWAY);
    }

    @ParameterizedTest
    @CsvSource({"child, grandchild", "child, gateway", "other, child", "gateway, other", "gateway, unknown"})
    void connectionDoesNotSpeakForOthers(String connection, String device) {
        room.repository.devices.add(Samples.device(new DeviceId("other"), null));

        assertThat(room.refusal(new FindRelative(new DeviceId(connection), new DeviceId(device))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId(device)));
    }

    @Test
    void devicesThatMovedAreSpokenForByTheirNewGateway() {
        DeviceId other = new DeviceId("other");
        room.repository.devices.add(Samples.device(other, null));
        var _ = room.ask(new FindRelative(GATEWAY, GRANDCHILD));
        replace(Samples.device(CHILD, GATEWAY), Samples.device(CHILD, other));

        room.bus.publish(new Notice.DeviceChanged(CHILD));

        Awaitility.await()
                .untilAsserted(() -> assertThat(room.refusal(new FindRelative(GATEWAY, GRANDCHILD)))
                        .isEqualTo(new Failure.DeviceNotFound(GRANDCHILD)));
        assertThat(room.ask(new FindRelative(other, GRANDCHILD)).connection()).isEqualTo(other);
    }

    @Test
    void withoutARuleNothingIsAskedFor() {
        assertThat(isAsked(Subject.DEVICE_PROPERTY)).isFalse();
    }

    @Test
    void aRuleAsksForItsResourceInItsSpace() {
        rules(
                new OutboxRows.Interest(DEFAULT, Subject.DEVICE_PROPERTY),
                new OutboxRows.Interest(null, Subject.DEVICE_EVENT));

        assertThat(isAsked(Subject.DEVICE_PROPERTY)).isTrue();
        assertThat(isAsked(Subject.DEVICE_EVENT)).isTrue();
        assertThat(isAsked(Subject.DEVICE_MESSAGE)).isFalse();
        assertThat(room.ask(new FindInterest(OURS, Samples.OTHER, Subject.DEVICE_PROPERTY))
                        .asked())
                .isFalse();
        assertThat(room.ask(new FindInterest(THEIRS, DEFAULT, Subject.DEVICE_PROPERTY))
                        .asked())
                .isFalse();
    }

    @Test
    void rulesAreReadOnce() {
        var _ = isAsked(Subject.DEVICE_PROPERTY);
        var _ = isAsked(Subject.DEVICE_EVENT);

        assertThat(room.repository.asked(OutboxRows.SelectInterests.class)).hasSize(1);
    }

    @Test
    void changedRulesCountFromNowOn() {
        var _ = isAsked(Subject.DEVICE_PROPERTY);
        rules(new OutboxRows.Interest(null, Subject.DEVICE_PROPERTY));

        room.bus.publish(new Notice.RulesChanged(OURS));

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(isAsked(Subject.DEVICE_PROPERTY)).isTrue());
    }

    private void rules(OutboxRows.Interest... interests) {
        room.repository.interests.put(OURS, Set.of(interests));
    }

    private boolean isAsked(Subject subject) {
        return room.ask(new FindInterest(OURS, DEFAULT, subject)).asked();
    }
}
