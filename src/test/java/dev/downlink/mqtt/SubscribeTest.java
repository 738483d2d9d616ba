// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProductId;
import dev.downlink.model.Subscription;
import dev.downlink.protocol.Notice;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeTest {
    private static final String OWN = "$oc/devices/d_1/sys/commands/#";

    private final Room room = new Room();

    @BeforeEach
    void neighbours() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.neighbours.topics(
                new CustomTopic("up", CustomTopic.Operation.PUBLISH, null),
                new CustomTopic("down", CustomTopic.Operation.SUBSCRIBE, null));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OWN,
                "$oc/devices/d_1/#",
                "$oc/devices/d_1/sys/+/down",
                "$oc/broadcast/news",
                "$oc/devices/d_1/user/down",
                "$oc/devices/d_1/user/#",
                "$oc/devices/d_1/user/+",
                "/test/x",
                "#",
                "+/x"
            })
    void ownBroadcastAndFreeTopicsAreGranted(String filter) {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.subscribe(5, filter, 1));

        assertThat(device.readHex()).isEqualTo("9003000501");
    }

    @ParameterizedTest
    @CsvSource({
        "$oc/devices/d_2/sys/commands/#, 87",
        "$oc/devices/+/sys/commands/#, 87",
        "$oc/#, 87",
        "$SYS/#, 87",
        "$oc/devices/d_1/user/up, 87",
        "$oc/devices/d_1/user/other, 87",
        "a/#/b, 8f",
        "a+, 8f",
        "'', 8f",
        "$share/g/$oc/devices/d_1/sys/commands/#, 9e"
    })
    void otherFiltersAreRefusedAndTheConnectionStays(String filter, String reason) {
        room.neighbours.device("five", Neighbours.BY_SECRET);
        room.start();
        RawClient three = room.login("d_1");
        RawClient five = room.login(Packet.connect("five").mqtt5());

        three.send(Packet.subscribe(5, filter, 1));
        five.send(Packet.subscribe5(5, filter.replace("d_1", "five"), 1));

        assertThat(three.readHex()).isEqualTo("9003000580");
        assertThat(three.isAlive()).isTrue();
        assertThat(five.readHex()).isEqualTo("9004000500" + reason);
        assertThat(five.isAlive()).isTrue();
    }

    @Test
    void qos2IsGrantedAsQos1() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.subscribe(5, OWN, 2));

        assertThat(device.readHex()).isEqualTo("9003000501");
    }

    @Test
    void numberOfSubscriptionsIsBoundedAndOneMayBeReplaced() {
        room.settings.maxSubscriptions = 1;
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.subscribe(1, "a", 1), Packet.subscribe(2, "b", 1), Packet.subscribe(3, "a", 0));

        assertThat(device.readHex()).isEqualTo("9003000101");
        assertThat(device.readHex()).isEqualTo("9003000280");
        assertThat(device.readHex()).isEqualTo("9003000300");
    }

    @Test
    void unsubscribeMakesRoomAndMqtt5LearnsWhetherThereWasOne() {
        room.settings.maxSubscriptions = 1;
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(
                Packet.subscribe5(1, "a", 1),
                Packet.unsubscribe5(2, "a"),
                Packet.unsubscribe5(3, "a"),
                Packet.subscribe5(4, "b", 1));

        assertThat(device.readHex()).isEqualTo("900400010001");
        assertThat(device.readHex()).isEqualTo("b00400020000");
        assertThat(device.readHex()).isEqualTo("b00400030011");
        assertThat(device.readHex()).isEqualTo("900400040001");
    }

    @Test
    void keptSessionIsPresentWithItsSubscriptionsAtTheNextConnect() {
        room.settings.implicitSubscriptions = false;
        room.start();
        RawClient device = room.login(Packet.connect("d_1").keepSession());
        device.send(Packet.subscribe(1, OWN, 1), Packet.subscribe(2, "b", 0), Packet.unsubscribe(3, "b"));
        assertThat(device.readHex()).isEqualTo("9003000101");
        assertThat(device.readHex()).isEqualTo("9003000200");
        assertThat(device.readHex()).isEqualTo("b0020003");

        RawClient again = room.connect();
        again.send(Packet.connect("d_1").keepSession().bytes());

        assertThat(again.readHex()).isEqualTo("20020100");
        assertThat(room.neighbours.kept).containsEntry(new DeviceId("d_1"), List.of(new Subscription(OWN, 1)));
        assertThat(room.neighbours.opened).extracting("keepSeconds").containsExactly(86_400L, 86_400L);
    }

    @Test
    void cleanSessionKeepsNothing() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.subscribe(1, OWN, 1));

        assertThat(device.readHex()).isEqualTo("9003000101");
        assertThat(room.neighbours.kept).isEmpty();
        assertThat(room.neighbours.opened).extracting("keepSeconds").containsExactly(0L);
    }

    @Test
    void mqtt5IsToldTheBoundOnItsSessionExpiry() {
        room.start();
        RawClient device = room.connect();

        device.send(Packet.connect("d_1").mqtt5().properties("11ffffffff").bytes());

        assertThat(device.readHex()).contains("1100015180");
    }

    @Test
    void subscriptionsHoldAlthoughTheDatabaseCannotKeepThem() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").keepSession());
        room.neighbours.databaseAway = true;

        device.send(Packet.subscribe(1, OWN, 1));

        assertThat(device.readHex()).isEqualTo("9003000101");
        assertThat(device.isAlive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4, ''", "5, e0028900"})
    void customTopicThatCannotBeDecidedNowEndsTheConnection(int version, String disconnect) {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").version(version));
        room.bus.publish(new Notice.ProductChanged(Neighbours.PROJECT, new ProductId("product")));
        assertThat(device.isAlive()).isTrue();
        room.neighbours.registryAway = true;
        String filter = "$oc/devices/d_1/user/down";

        device.send(version == 5 ? Packet.subscribe5(1, filter, 1) : Packet.subscribe(1, filter, 1));

        assertThat(device.readHex()).isEqualTo(disconnect);
    }

    @Test
    void mqtt5DeviceMayEndItsSessionWhenItDisconnects() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5().properties("110000ffff"));
        device.send(Packet.subscribe5(1, OWN, 1));
        assertThat(device.readHex()).isEqualTo("900400010001");

        device.send(Packet.hex("e00700051100000000"));

        assertThat(device.isClosed()).isTrue();
        Awaitility.await()
                .until(() -> room.neighbours.kept.get(new DeviceId("d_1")).isEmpty());
    }

    @Test
    void subscriptionIdentifierEndsTheConnection() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.packet(
                0x82, new Packet.Out().u16(1).u8(2).u8(0x0b).u8(1).text("a").u8(1)));

        assertThat(device.readHex()).isEqualTo("e002a100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 0b 0001 00 0001 61 00 0001 62 00", "a2 09 0001 00 0001 61 0001 62"})
    void packetWithMoreFiltersThanADeviceMayHaveEndsTheConnection(String bytes) {
        room.settings.maxSubscriptions = 1;
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.hex(bytes.replace(" ", "")));

        assertThat(device.readHex()).isEqualTo("e0029700");
        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void subscribeWithoutFilterEndsTheConnection() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.hex("82020001"));

        assertThat(device.isClosed()).isTrue();
    }
}
