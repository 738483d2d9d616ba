// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.auth.DevicePassword;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives: a clean close, and nobody else notices. */
@Timeout(120)
class BadPacketTest {
    private final Room room = new Room();

    @BeforeEach
    void devices() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c000",
                "e000",
                "30050001614142",
                "82060001000161 01",
                "20020000",
                "474554202f20485454502f312e310d0a0d0a",
                "16030100050100000100",
                "00000000",
                "ffffffffff",
                "10ffffffff7f",
                "100c00044d5154540403007800",
                "101600044d5154540402007800",
                "10ffff7f00044d5154540402"
            })
    void connectionThatDoesNotBeginWithAConnectIsClosed(String bytes) {
        room.start();
        RawClient device = room.login("d_1");
        RawClient bad = room.connect();

        bad.send(Packet.hex(bytes.replace(" ", "")), new byte[40]);

        assertThat(bad.isClosed()).isTrue();
        assertThat(device.isAlive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2003000000, 82",
        "d000, 82",
        "62020001, 82",
        "50020001, 82",
        "900400010001, 82",
        "f000, 82",
        "c00100, 81",
        "c100, 81",
        "36050001610001, 81",
        "3205000161 0000, 81",
        "8005000100 0161, 81",
        "82060001 00 00016103, 81",
        "3003000123, 90",
        "3003000000, 94",
        "30070001610323 0001, 94",
        "30 ffffff7f 000161 00, 95",
        "82 feff03, 95"
    })
    void packetThatBreaksTheProtocolEndsTheConnection(String bytes, String reason) {
        room.start();
        RawClient device = room.login("d_1");
        RawClient bad = room.login(Packet.connect("d_2").mqtt5());

        bad.send(Packet.hex(bytes.replace(" ", "")));

        assertThat(bad.readHex()).isEqualTo("e002" + reason + "00");
        assertThat(bad.isClosed()).isTrue();
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void secondConnectEndsTheConnection() {
        room.start();
        RawClient three = room.login("d_1");
        RawClient five = room.login(Packet.connect("d_2").mqtt5());

        three.send(Packet.connect("d_1").bytes());
        five.send(Packet.connect("d_2").mqtt5().bytes());

        assertThat(three.isClosed()).isTrue();
        assertThat(five.readHex()).isEqualTo("e0028200");
    }

    @Test
    void packetsThatComeWithTheConnectAreHandledInOrderBehindIt() {
        room.start();
        RawClient device = room.connect();

        device.send(
                Packet.connect("d_1").bytes(),
                Packet.subscribe(1, "a", 1),
                Packet.publish(2, "$oc/devices/d_1/sys/other", "x".repeat(100_000)),
                Packet.PING);

        assertThat(device.readHex()).isEqualTo("20020000");
        assertThat(device.readHex()).isEqualTo("9003000101");
        // the message is acknowledged when the uplink room has taken it, which may be after the ping
        assertThat(List.of(device.readHex(), device.readHex())).containsExactlyInAnyOrder("40020002", "d000");
    }

    @Test
    void connectMayComeByteByByte() {
        room.start();
        RawClient device = room.connect();

        for (byte one : Packet.connect("d_1").bytes()) {
            device.send(new byte[] {one});
        }

        assertThat(device.readHex()).isEqualTo("20020000");
    }

    @Test
    void publishOfOneMegabyteIsTakenAndALargerOneIsNot() {
        room.settings.maxUplinkBytes = 10_000_000;
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(1, "/free", "x".repeat(1024 * 1024)));
        assertThat(device.readHex()).isEqualTo("40020001");
        device.send(Packet.hex("32ffffff01"), new byte[100]);

        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void willIsAcceptedAndIgnored() {
        room.start();
        RawClient device = room.connect();
        byte[] user = new Packet.Out().text("d_1").bytes();
        String password = DevicePassword.of(Neighbours.SECRET, 0, Packet.HOUR);

        device.send(Packet.packet(
                0x10,
                new Packet.Out()
                        .text("MQTT")
                        .u8(4)
                        .u8(0xf6)
                        .u16(120)
                        .text("d_1_0_0_" + Packet.HOUR)
                        .text("will/topic")
                        .text("gone")
                        .raw(user)
                        .text(password)));

        assertThat(device.readHex()).isEqualTo("20020000");
    }

    @Test
    void socketsWithoutConnectAreClosedAndHarmless() {
        room.settings.connectTimeout = Duration.ofSeconds(1);
        room.settings.maxConnections = 5000;
        room.start(2);
        List<RawClient> halfOpen = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            RawClient client = room.connect();
            client.send(new byte[] {0x10});
            halfOpen.add(client);
        }

        RawClient device = room.login("d_1");

        assertThat(device.isAlive()).isTrue();
        assertThat(halfOpen).allMatch(RawClient::isClosed);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void silentDeviceIsClosedAfterOneAndAHalfKeepAlives() {
        room.settings.anyKeepAlive = true;
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5().keepAlive(1));

        assertThat(device.readHex()).isEqualTo("e0028d00");
        assertThat(device.isClosed()).isTrue();
    }
}
