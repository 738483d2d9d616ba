// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.model.DeviceStatus.ABNORMAL;
import static dev.downlink.model.DeviceStatus.FROZEN;
import static dev.downlink.model.DeviceStatus.INACTIVE;
import static dev.downlink.model.DeviceStatus.OFFLINE;
import static dev.downlink.model.DeviceStatus.ONLINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.Secret;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.DeviceRows.SelectDeviceView;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.SessionRows.Beat;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SessionRows.ReapNode;
import dev.downlink.support.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The status of a device in answers. */
class StatusIT {
    private static final DeviceId D = new DeviceId("d1");

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @BeforeEach
    void insert() {
        room.insert(Room.device("d1"));
        room.ask(new Beat(1, "one"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    private DeviceStatus status() {
        DeviceStatus shown = room.ask(new SelectDeviceView(D)).status();
        var filter = new DeviceRows.Filter(null, null, null, false, null, null, null, null);
        assertThat(room.ask(new DeviceRows.ListDevices(Room.PROJECT, filter, Page.FIRST))
                        .devices()
                        .getFirst()
                        .status())
                .isEqualTo(shown);
        return shown;
    }

    private void connect() {
        room.ask(new OpenSession(D, 1, "mqtt/1", true, 0));
    }

    @Test
    void followsTheConnection() {
        assertThat(status()).isEqualTo(INACTIVE);

        connect();
        assertThat(status()).isEqualTo(ONLINE);

        room.ask(new CloseSession(D, 1));
        assertThat(status()).isEqualTo(OFFLINE);
    }

    @Test
    void isAbnormalWhileTheHolderIsSilentAndOffLineOnceItIsTakenForDead() {
        connect();

        TestDatabase.execute(uri, "UPDATE node SET beat = now() - interval '11 seconds'");
        assertThat(status()).isEqualTo(ABNORMAL);

        room.ask(new ReapNode(1, Duration.ofSeconds(10)));
        assertThat(status()).isEqualTo(OFFLINE);
    }

    @Test
    void isOnLineAgainWhenTheHolderIsHeard() {
        connect();
        TestDatabase.execute(uri, "UPDATE node SET beat = now() - interval '1 hour'");

        room.ask(new Beat(1, "one"));

        assertThat(status()).isEqualTo(ONLINE);
    }

    @Test
    void isAbnormalWhenNobodyKnowsTheHolder() {
        room.ask(new OpenSession(D, 99, "mqtt/99", true, 0));

        assertThat(status()).isEqualTo(ABNORMAL);
    }

    @Test
    void frozenIsAboveAll() {
        TestDatabase.execute(uri, "UPDATE device SET frozen = true");
        assertThat(status()).isEqualTo(FROZEN);

        connect();
        assertThat(status()).isEqualTo(FROZEN);
    }
}
