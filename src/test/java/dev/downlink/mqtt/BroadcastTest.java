// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subscription;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Notice.BroadcastSent;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BroadcastTest {
    private static final String TOPIC = "$oc/broadcast/all";
    private static final SpaceId SPACE = new SpaceId("space");
    private static final String GOOD = "Z29vZA==";
    private static final String BAD = "YmFk";

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

    @Test
    void subscribersGetOneCopyEachWithTheirQosAndOthersNone() {
        room.start();
        RawClient one = subscriber("d_1", TOPIC, 1);
        RawClient other = room.login("d_2");
        other.send(Packet.subscribe(1, "free", 1));
        assertThat(other.readHex()).isEqualTo("9003000101");

        send(Neighbours.PROJECT, SPACE, GOOD);

        assertThat(one.readHex()).isEqualTo(RawClient.hex(Packet.publish(1, TOPIC, "good")));
        one.send(Packet.pubAck(1));
        assertThat(one.isAlive()).isTrue();
        assertThat(other.isAlive()).isTrue();
        assertThat(room.neighbours.messages.reported).isEmpty();
    }

    @Test
    void severalFiltersMakeOneCopy() {
        room.start();
        RawClient device = subscriber("d_1", "$oc/broadcast/#", 0);
        device.send(Packet.subscribe(2, TOPIC, 0));
        assertThat(device.readHex()).isEqualTo("9003000200");

        send(Neighbours.PROJECT, SPACE, GOOD);

        assertThat(device.read()[0]).isEqualTo((byte) 0x30);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void otherProjectsAndSpacesAreNotHeard() {
        room.start();
        RawClient device = subscriber("d_1", TOPIC, 1);

        send(new ProjectId("another"), SPACE, BAD);
        send(Neighbours.PROJECT, new SpaceId("another"), BAD);
        send(Neighbours.PROJECT, SPACE, GOOD);

        assertThat(device.readHex()).isEqualTo(RawClient.hex(Packet.publish(1, TOPIC, "good")));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void productThatWasChangedIsReadAgain() {
        room.start();
        RawClient device = subscriber("d_1", TOPIC, 1);
        room.bus.publish(new Notice.ProductChanged(Neighbours.PROJECT, new ProductId("product")));

        send(Neighbours.PROJECT, SPACE, GOOD);

        assertThat(device.readHex()).isEqualTo(RawClient.hex(Packet.publish(1, TOPIC, "good")));
    }

    @Test
    void deviceWithAFullWindowIsSkippedAndOthersAreServed() {
        room.settings.maxInflight = 1;
        room.start();
        RawClient full = subscriber("d_1", TOPIC, 1);
        RawClient other = subscriber("d_2", TOPIC, 1);
        send(Neighbours.PROJECT, SPACE, GOOD);
        assertThat(full.read()[0]).isEqualTo((byte) 0x32);
        assertThat(other.read()[0]).isEqualTo((byte) 0x32);
        other.send(Packet.pubAck(1));
        assertThat(other.isAlive()).isTrue();

        send(Neighbours.PROJECT, SPACE, GOOD);

        assertThat(other.readHex()).isEqualTo(RawClient.hex(Packet.publish(2, TOPIC, "good")));
        assertThat(full.isAlive()).isTrue();
    }

    @Test
    void subscribersOfBroadcastsAreWrittenDownThoughTheirSessionsAreNotKept() {
        room.start();
        RawClient device = room.login("d_1");
        device.send(Packet.subscribe(1, "free", 1));
        assertThat(device.readHex()).isEqualTo("9003000101");
        assertThat(room.neighbours.kept).isEmpty();

        device.send(Packet.subscribe(2, TOPIC, 1));
        assertThat(device.readHex()).isEqualTo("9003000201");
        List<Subscription> subscribed = room.neighbours.kept.get(new DeviceId("d_1"));
        device.send(Packet.unsubscribe(3, TOPIC));
        assertThat(device.readHex()).isEqualTo("b0020003");

        assertThat(subscribed).containsExactly(new Subscription(TOPIC, 1));
        assertThat(room.neighbours.kept.get(new DeviceId("d_1"))).isEmpty();
    }

    private RawClient subscriber(String id, String filter, int qos) {
        RawClient device = room.login(id);
        device.send(Packet.subscribe(1, filter, qos));
        assertThat(device.readHex()).isEqualTo("900300010" + qos);
        return device;
    }

    private void send(ProjectId project, SpaceId space, String payload) {
        room.bus.publish(new BroadcastSent(project, space, TOPIC, payload));
    }
}
