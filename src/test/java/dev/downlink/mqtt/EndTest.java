// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SessionRows.CloseSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EndTest {
    private final Room room = new Room();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void endsThatHappenWhileTheDatabaseIsAwayAreWrittenLater() {
        int devices = 400;
        room.start(2);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            room.neighbours.device("d_" + i, Neighbours.BY_SECRET);
            clients.add(room.login("d_" + i));
        }
        room.neighbours.databaseAway = true;
        clients.forEach(c -> c.send(Packet.DISCONNECT));
        clients.forEach(c -> assertThat(c.isClosed()).isTrue());

        room.neighbours.databaseAway = false;

        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> room.neighbours.closed.size() == devices);
        assertThat(room.neighbours.closed).doesNotHaveDuplicates();
    }

    @Test
    void stopSendsDevicesAwayAndHandsSessionsBack() {
        room.neighbours.device("three", Neighbours.BY_SECRET);
        room.neighbours.device("five", Neighbours.BY_SECRET);
        room.start();
        RawClient three = room.login("three");
        RawClient five = room.login(Packet.connect("five").mqtt5());

        room.stop();

        assertThat(three.isClosed()).isTrue();
        assertThat(five.readHex()).isEqualTo("e0028b00");
        assertThat(room.neighbours.closed)
                .containsExactlyInAnyOrder(
                        new CloseSession(new DeviceId("three"), 1), new CloseSession(new DeviceId("five"), 1));
    }

    @Test
    void nodeThatLostItsSessionsSendsItsDevicesAway() {
        room.neighbours.device("three", Neighbours.BY_SECRET);
        room.neighbours.device("five", Neighbours.BY_SECRET);
        room.start();
        RawClient three = room.login("three");
        RawClient five = room.login(Packet.connect("five").mqtt5());

        room.bus.publishHere(new Notice.SessionsLost());

        assertThat(three.isClosed()).isTrue();
        assertThat(five.readHex()).isEqualTo("e0029800");
        assertThat(room.login("three").isAlive()).isTrue();
    }

    @Test
    void stopEndsAlthoughTheDatabaseIsAway() {
        room.neighbours.device("three", Neighbours.BY_SECRET);
        room.start();
        RawClient three = room.login("three");
        room.neighbours.databaseAway = true;

        room.stop();

        assertThat(three.isClosed()).isTrue();
    }

    @Test
    void seatsAreGivenBack() {
        room.settings.maxConnections = 1;
        room.neighbours.device("three", Neighbours.BY_SECRET);
        room.start();
        for (int i = 0; i < 5; i++) {
            RawClient client = room.login("three");
            client.send(Packet.DISCONNECT);
            assertThat(client.isClosed()).isTrue();
            Awaitility.await().until(() -> !room.neighbours.closed.isEmpty());
            room.neighbours.closed.clear();
        }

        assertThat(room.login("three").isAlive()).isTrue();
    }
}
