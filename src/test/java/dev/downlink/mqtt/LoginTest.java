// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.AuthInfo;
import dev.downlink.model.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The CONNACK table of southbound §1.5, row by row. */
class LoginTest {
    private final Room room = new Room();

    @BeforeEach
    void devices() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.neighbours.device("frozen", Neighbours.BY_SECRET, null, true);
        room.neighbours.device("child", Neighbours.BY_SECRET, "d_1", false);
        room.neighbours.device(
                "secure", new AuthInfo(AuthInfo.Type.SECRET, Neighbours.SECRET, null, null, null, true, 0));
        room.neighbours.device("certified", Neighbours.BY_CERTIFICATE);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void rightPasswordIsAcceptedByMqtt3(int version) {
        room.start();

        assertThat(answer(Packet.connect("d_1").version(version))).isEqualTo("20020000");
    }

    @Test
    void acceptedMqtt5DeviceIsToldWhatIsOffered() {
        room.start();

        String answer = answer(Packet.connect("d_1").mqtt5());

        assertThat(answer).startsWith("20").contains("210064", "2401", "2500", "270010c8e0", "220000", "2900", "2a00");
        assertThat(answer.substring(4, 8)).isEqualTo("0000");
    }

    @ParameterizedTest
    @CsvSource({"3, 20020004", "4, 20020004", "5, 2003008600"})
    void wrongPasswordIsRefused(int version, String answer) {
        room.start();

        assertRefused(Packet.connect("d_1").secret(new Secret("other-secret")).version(version), answer);
    }

    @ParameterizedTest
    @CsvSource({"4, 20020004", "5, 2003008600"})
    void unknownDeviceIsRefusedAsAWrongPasswordIs(int version, String answer) {
        room.start();

        assertRefused(Packet.connect("nobody").version(version), answer);
    }

    @ParameterizedTest
    @CsvSource({"4, 20020004", "5, 2003008600"})
    void missingPasswordIsRefused(int version, String answer) {
        room.start();

        assertRefused(Packet.connect("d_1").password(null).version(version), answer);
        assertRefused(Packet.connect("d_1").password("").version(version), answer);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1999010100, 20020000",
        "1, 2026112120, 20020000",
        "1, 2026112118, 20020004",
        "2, 2026112121, 20020000"
    })
    void hourIsCheckedAsTheSignTypeSays(int signType, String hour, String answer) {
        room.start();

        assertThat(answer(Packet.connect("d_1").sign(signType, hour))).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d_1", "d_1_0_0_", "d_1_3_0_2026112121", "d_1_0_9_2026112121", "x_0_0_2026112121"})
    void malformedClientIdOrAnotherThanTheUserNameIsRefused(String clientId) {
        room.start();

        assertRefused(Packet.connect("d_1").clientId(clientId), "20020002");
        assertRefused(Packet.connect("d_1").clientId(clientId).mqtt5(), "2003008500");
        assertRefused(Packet.connect("d_1").clientId(clientId).mqtt31(), "20020002");
    }

    @Test
    void clientIdOf256CharactersIsReadAlsoByMqtt31() {
        String id = "d".repeat(128);
        room.neighbours.device(id, Neighbours.BY_SECRET);
        room.start();

        assertThat(answer(Packet.connect(id).mqtt31())).isEqualTo("20020000");
        assertRefused(Packet.connect("d_1").clientId("x".repeat(257)).mqtt31(), "20020002");
    }

    @Test
    void missingUserNameIsRefused() {
        room.start();

        assertRefused(Packet.connect("d_1").user(null).password(null), "20020002");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 29, 1201, 65535})
    void keepAliveOutOfRangeIsRefusedByMqtt3(int seconds) {
        room.start();

        assertRefused(Packet.connect("d_1").keepAlive(seconds), "20020002");
    }

    @ParameterizedTest
    @CsvSource({"0, 130078", "29, 13001e", "1201, 1304b0"})
    void keepAliveOutOfRangeIsCorrectedByMqtt5(int seconds, String property) {
        room.start();

        String answer = answer(Packet.connect("d_1").keepAlive(seconds).mqtt5());

        assertThat(answer.substring(4, 8)).isEqualTo("0000");
        assertThat(answer).contains(property);
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 1200})
    void keepAliveAtItsLimitsIsAccepted(int seconds) {
        room.start();

        assertThat(answer(Packet.connect("d_1").keepAlive(seconds))).isEqualTo("20020000");
    }

    @Test
    void anyKeepAliveIsAcceptedWhenSetSo() {
        room.settings.anyKeepAlive = true;
        room.start();

        assertThat(answer(Packet.connect("d_1").keepAlive(0))).isEqualTo("20020000");
    }

    @ParameterizedTest
    @CsvSource({
        "frozen, 4, 20020005",
        "frozen, 5, 2003008700",
        "child, 4, 20020005",
        "child, 5, 2003008700",
        "secure, 4, 20020005"
    })
    void deviceThatMayNotConnectIsNotAuthorized(String device, int version, String answer) {
        room.start();

        assertRefused(Packet.connect(device).version(version), answer);
    }

    @Test
    void certificateDeviceIsRefusedOnThePlainPort() {
        room.start();

        assertRefused(Packet.connect("certified").password(null), "20020004");
        assertRefused(Packet.connect("certified"), "20020004");
    }

    @ParameterizedTest
    @CsvSource({"4, 20020003", "5, 2003008800"})
    void nobodyIsLetInWhileTheRegistryIsAway(int version, String answer) {
        room.neighbours.registryAway = true;
        room.start();

        assertRefused(Packet.connect("d_1").version(version), answer);
    }

    @ParameterizedTest
    @CsvSource({"4, 20020003", "5, 2003008800"})
    void nobodyIsLetInWhileTheDatabaseIsAway(int version, String answer) {
        room.neighbours.databaseAway = true;
        room.start();

        assertRefused(Packet.connect("d_1").version(version), answer);

        room.neighbours.databaseAway = false;
        assertThat(answer(Packet.connect("d_1"))).isEqualTo("20020000");
    }

    @ParameterizedTest
    @CsvSource({"4, 20020003", "5, 2003009700"})
    void fullNodeRefuses(int version, String answer) {
        room.settings.maxConnections = 1;
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
        room.start();
        RawClient first = room.login("d_1");

        assertRefused(Packet.connect("d_2").version(version), answer);

        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void unknownProtocolLevelIsRefused() {
        room.start();

        assertRefused(Packet.connect("d_1").level(6), "20020001");
    }

    @Test
    void enhancedAuthenticationIsRefused() {
        room.start();

        assertRefused(Packet.connect("d_1").mqtt5().properties("15000141"), "2003008c00");
    }

    @ParameterizedTest
    @CsvSource({"4, 20020003", "5, 2003009f00"})
    void deviceWithTooManyFailuresIsRefusedUnchecked(int version, String answer) {
        room.settings.maxFailedLogins = 2;
        room.start();
        fail("d_1", 2);

        assertRefused(Packet.connect("d_1").version(version), answer);
    }

    @Test
    void addressWithTooManyFailuresIsRefusedUnchecked() {
        room.settings.maxFailedLoginsPerAddress = 2;
        room.start();
        fail("nobody1", 1);
        fail("nobody2", 1);

        assertRefused(Packet.connect("d_1"), "20020003");
    }

    @Test
    void pahosRepetitionAsMqtt31CountsOnce() {
        room.settings.maxFailedLogins = 3;
        room.start();
        for (int i = 0; i < 2; i++) {
            assertRefused(Packet.connect("d_1").password("wrong"), "20020004");
            assertRefused(Packet.connect("d_1").password("wrong").mqtt31(), "20020004");
        }

        assertThat(answer(Packet.connect("d_1"))).isEqualTo("20020000");
    }

    private void fail(String device, int times) {
        for (int i = 0; i < times; i++) {
            assertRefused(Packet.connect(device).password("wrong"), "20020004");
        }
    }

    private String answer(Packet.Connect connect) {
        try (RawClient client = room.connect()) {
            client.send(connect.bytes());
            return client.readHex();
        }
    }

    private void assertRefused(Packet.Connect connect, String answer) {
        try (RawClient client = room.connect()) {
            client.send(connect.bytes());
            assertThat(client.readHex()).isEqualTo(answer);
            assertThat(client.isClosed()).isTrue();
        }
    }
}
