// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.CHILD;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.AuthInfo;
import dev.downlink.model.AuthInfo.Slot;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.DeviceRequest.FreezeDevice;
import dev.downlink.protocol.DeviceRequest.LearnFingerprint;
import dev.downlink.protocol.DeviceRequest.ResetFingerprint;
import dev.downlink.protocol.DeviceRequest.ResetSecret;
import dev.downlink.protocol.DeviceRequest.ShowDevice;
import dev.downlink.protocol.DeviceRequest.UnfreezeDevice;
import dev.downlink.protocol.DeviceRequest.UpdateDevice;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Request;
import dev.downlink.protocol.SessionRows;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DevicesTest {
    private static final String SHA1 = "0123456789abcdef0123456789abcdef01234567";
    private static final String OTHER_SHA1 = "ffffffffffffffffffffffffffffffffffffffff";

    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.repository.devices.add(Samples.device(CHILD, GATEWAY));
    }

    @AfterEach
    void stop() {
        room.close();
    }

    private Device stored(DeviceId id) {
        return room.repository.devices.stream()
                .filter(d -> d.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void change(DeviceId id, UnaryOperator<Device> change) {
        room.repository.devices.replaceAll(d -> d.id().equals(id) ? change.apply(d) : d);
    }

    private void announced(DeviceId id) {
        await().untilAsserted(() -> assertThat(room.events).contains(new Notice.DeviceChanged(id)));
    }

    static Stream<Request<?>> allThatNameAProject() {
        return Stream.of(
                new ShowDevice(THEIRS, GATEWAY),
                new UpdateDevice(THEIRS, GATEWAY, "x", null, null, null, null),
                new DeleteDevice(THEIRS, CHILD),
                new FreezeDevice(THEIRS, GATEWAY),
                new UnfreezeDevice(THEIRS, GATEWAY),
                new ResetSecret(THEIRS, GATEWAY, Slot.PRIMARY, null, true),
                new ResetFingerprint(THEIRS, GATEWAY, Slot.PRIMARY, null, true));
    }

    @ParameterizedTest
    @MethodSource("allThatNameAProject")
    void anotherProjectsDeviceDoesNotExist(Request<?> request) {
        assertThat(room.refusal(request)).isInstanceOf(Failure.DeviceNotFound.class);
        assertThat(stored(GATEWAY).version()).isEqualTo(1);
        assertThat(stored(CHILD).version()).isEqualTo(1);
    }

    @Test
    void deviceIsShownWithItsPresence() {
        room.connect(GATEWAY, 3);

        var view = room.ask(new ShowDevice(OURS, GATEWAY));

        assertThat(view.device()).isEqualTo(stored(GATEWAY));
        assertThat(view.presence()).isEqualTo(room.repository.presences.get(GATEWAY));
    }

    @Test
    void updateReplacesWhatIsGiven() {
        var view = room.ask(new UpdateDevice(OURS, GATEWAY, null, "text", new Json("{\"a\":1}"), true, 60));

        assertThat(view.device()).isEqualTo(stored(GATEWAY));
        assertThat(view.device().name()).isEqualTo("A-name");
        assertThat(view.device().description()).isEqualTo("text");
        assertThat(view.device().extensionInfo()).isEqualTo(new Json("{\"a\":1}"));
        assertThat(view.device().auth().secureAccess()).isTrue();
        assertThat(view.device().auth().timeoutSeconds()).isEqualTo(60);
        assertThat(view.device().auth().secret()).isEqualTo(new Secret("primary-secret"));
        announced(GATEWAY);
    }

    @Test
    void updateThatGivesNothingLeavesAllAsItIs() {
        Device before = stored(GATEWAY);

        room.ask(new UpdateDevice(OURS, GATEWAY, null, null, null, null, null));

        assertThat(stored(GATEWAY)).isEqualTo(Samples.next(before));
    }

    @Test
    void updateOfAStaleRowIsTriedAgain() {
        conflicts(3);

        var view = room.ask(new UpdateDevice(OURS, GATEWAY, "new", null, null, null, null));

        assertThat(view.device().name()).isEqualTo("new");
        assertThat(room.repository.asked(DeviceRows.UpdateDeviceRow.class)).hasSize(4);
        assertThat(room.repository.asked(DeviceRows.SelectDeviceView.class)).hasSize(4);
    }

    @Test
    void updateGivesUpAfterThreeMoreTries() {
        conflicts(4);

        assertThat(room.refusal(new UpdateDevice(OURS, GATEWAY, "new", null, null, null, null)))
                .isEqualTo(new Failure.Conflict("device", "gateway"));
        assertThat(room.repository.asked(DeviceRows.UpdateDeviceRow.class)).hasSize(4);
    }

    private void conflicts(int times) {
        room.repository.on(
                DeviceRows.UpdateDeviceRow.class,
                q -> room.repository.asked(DeviceRows.UpdateDeviceRow.class).size() <= times
                        ? Future.failedFuture(new Failed(
                                new Failure.Conflict("device", q.device().id().value())))
                        : null);
    }

    @Test
    void deletedDeviceIsGoneAndItsConnectionClosed() {
        room.startAdapter();
        room.connect(CHILD, 5);

        room.ask(new DeleteDevice(OURS, CHILD));

        assertThat(room.repository.devices).extracting(Device::id).containsExactly(GATEWAY);
        assertThat(room.closed).containsExactly(new CloseConnection(CHILD, 5, Why.DELETED));
        announced(CHILD);
    }

    @Test
    void gatewayWithSubDevicesIsNotDeleted() {
        room.startAdapter();
        room.connect(GATEWAY, 5);

        assertThat(room.refusal(new DeleteDevice(OURS, GATEWAY)))
                .isEqualTo(new Failure.InUse("device", "gateway", "sub-devices"));
        assertThat(room.closed).isEmpty();
    }

    @Test
    void freezeClosesTheConnection() {
        room.startAdapter();
        room.connect(GATEWAY, 9);

        room.ask(new FreezeDevice(OURS, GATEWAY));

        assertThat(stored(GATEWAY).frozen()).isTrue();
        assertThat(room.closed).containsExactly(new CloseConnection(GATEWAY, 9, Why.FROZEN));
        announced(GATEWAY);
    }

    @Test
    void freezeOfADeviceThatIsNotConnectedClosesNothing() {
        room.startAdapter();

        assertThat(room.ask(new FreezeDevice(OURS, GATEWAY))).isEqualTo(Done.DONE);
        assertThat(room.closed).isEmpty();
    }

    @Test
    void freezeSucceedsWhenTheHolderIsGone() {
        room.connect(GATEWAY, 9);

        assertThat(room.ask(new FreezeDevice(OURS, GATEWAY))).isEqualTo(Done.DONE);
        assertThat(stored(GATEWAY).frozen()).isTrue();
    }

    @Test
    void freezeSucceedsWhenTheHolderCannotBeLookedUp() {
        room.repository.on(
                SessionRows.SelectPresence.class,
                _ -> Future.failedFuture(new Failed(new Failure.StorageUnavailable())));

        assertThat(room.ask(new FreezeDevice(OURS, GATEWAY))).isEqualTo(Done.DONE);
        assertThat(stored(GATEWAY).frozen()).isTrue();
    }

    @Test
    void subDeviceCannotBeFrozen() {
        assertThat(room.refusal(new FreezeDevice(OURS, CHILD))).isEqualTo(new Failure.DeviceIsSubDevice(CHILD));
    }

    @Test
    void frozenDeviceCannotBeFrozenAgain() {
        change(GATEWAY, d -> d.withFrozen(true));

        assertThat(room.refusal(new FreezeDevice(OURS, GATEWAY))).isEqualTo(new Failure.AlreadyFrozen(GATEWAY));
    }

    @Test
    void unfrozenDeviceMayConnectAgain() {
        change(GATEWAY, d -> d.withFrozen(true));

        room.ask(new UnfreezeDevice(OURS, GATEWAY));

        assertThat(stored(GATEWAY).frozen()).isFalse();
        announced(GATEWAY);
    }

    @Test
    void onlyAFrozenDeviceCanBeUnfrozen() {
        assertThat(room.refusal(new UnfreezeDevice(OURS, GATEWAY))).isEqualTo(new Failure.NotFrozen(GATEWAY));
    }

    @Test
    void secretIsMadeWhenNoneIsGiven() {
        var view = room.ask(new ResetSecret(OURS, GATEWAY, Slot.PRIMARY, null, false));

        assertThat(view.device().auth().secret().value()).matches("[0-9a-f]{32}");
        assertThat(view.device()).isEqualTo(stored(GATEWAY));
        announced(GATEWAY);
    }

    @Test
    void secondarySecretLeavesThePrimaryOneAlone() {
        room.ask(new ResetSecret(OURS, GATEWAY, Slot.SECONDARY, new Secret("second-secret"), false));

        AuthInfo auth = stored(GATEWAY).auth();
        assertThat(auth.secret()).isEqualTo(new Secret("primary-secret"));
        assertThat(auth.secondarySecret()).isEqualTo(new Secret("second-secret"));
    }

    @Test
    void resetOfSecretClosesTheConnectionWhenAsked() {
        room.startAdapter();
        room.connect(GATEWAY, 2);

        room.ask(new ResetSecret(OURS, GATEWAY, Slot.PRIMARY, null, true));

        assertThat(room.closed).containsExactly(new CloseConnection(GATEWAY, 2, Why.CREDENTIALS_CHANGED));
    }

    @Test
    void resetOfSecretLeavesTheConnectionOpenOtherwise() {
        room.startAdapter();
        room.connect(GATEWAY, 2);

        room.ask(new ResetSecret(OURS, GATEWAY, Slot.PRIMARY, null, false));

        assertThat(room.closed).isEmpty();
    }

    @Test
    void badSecretIsRefused() {
        assertThat(room.refusal(new ResetSecret(OURS, GATEWAY, Slot.PRIMARY, new Secret("short"), false)))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("secret"));
    }

    @Test
    void fingerprintIsReplacedOrForgotten() {
        var set = room.ask(new ResetFingerprint(OURS, GATEWAY, Slot.SECONDARY, SHA1, false));
        var forgotten = room.ask(new ResetFingerprint(OURS, GATEWAY, Slot.SECONDARY, null, false));

        assertThat(set.device().auth().secondaryFingerprint()).isEqualTo(SHA1);
        assertThat(forgotten.device().auth().secondaryFingerprint()).isNull();
    }

    @Test
    void resetOfFingerprintClosesTheConnectionWhenAsked() {
        room.startAdapter();
        room.connect(GATEWAY, 2);

        room.ask(new ResetFingerprint(OURS, GATEWAY, Slot.PRIMARY, SHA1, true));

        assertThat(room.closed).containsExactly(new CloseConnection(GATEWAY, 2, Why.CREDENTIALS_CHANGED));
    }

    @Test
    void firstCertificateIsLearned() {
        change(GATEWAY, d -> d.withAuth(Samples.certificate(null)));

        room.ask(new LearnFingerprint(GATEWAY, SHA1.toUpperCase(Locale.ROOT)));

        assertThat(stored(GATEWAY).auth().fingerprint()).isEqualTo(SHA1);
        announced(GATEWAY);
    }

    @Test
    void knownCertificateIsNotWrittenAgain() {
        change(GATEWAY, d -> d.withAuth(Samples.certificate(SHA1)));

        assertThat(room.ask(new LearnFingerprint(GATEWAY, SHA1))).isEqualTo(Done.DONE);
        assertThat(stored(GATEWAY).version()).isEqualTo(1);
    }

    @Test
    void anotherCertificateDoesNotReplaceTheFirst() {
        change(GATEWAY, d -> d.withAuth(Samples.certificate(SHA1)));

        assertThat(room.refusal(new LearnFingerprint(GATEWAY, OTHER_SHA1))).isInstanceOf(Failure.Conflict.class);
        assertThat(stored(GATEWAY).auth().fingerprint()).isEqualTo(SHA1);
        assertThat(room.repository.asked(DeviceRows.SelectDevice.class)).hasSize(1);
    }

    @Test
    void certificateThatComesSecondLoses() {
        change(GATEWAY, d -> d.withAuth(Samples.certificate(null)));
        room.repository.on(DeviceRows.UpdateDeviceRow.class, _ -> {
            change(GATEWAY, d -> Samples.next(d.withAuth(Samples.certificate(OTHER_SHA1))));
            return Future.failedFuture(new Failed(new Failure.Conflict("device", "gateway")));
        });

        assertThat(room.refusal(new LearnFingerprint(GATEWAY, SHA1))).isInstanceOf(Failure.Conflict.class);
        assertThat(stored(GATEWAY).auth().fingerprint()).isEqualTo(OTHER_SHA1);
        assertThat(room.repository.asked(DeviceRows.UpdateDeviceRow.class)).hasSize(1);
    }

    @Test
    void deviceWithSecretLearnsNoCertificate() {
        assertThat(room.refusal(new LearnFingerprint(GATEWAY, SHA1))).isInstanceOf(Failure.Forbidden.class);
        assertThat(stored(GATEWAY).auth().fingerprint()).isNull();
    }
}
