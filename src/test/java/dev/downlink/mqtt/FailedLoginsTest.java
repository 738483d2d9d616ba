// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failures from other addresses of the loopback network. */
class FailedLoginsTest {
    private static final String TOO_MANY = "2003009f00";
    private static final String WRONG = "2003008600";

    private final Room room = new Room();

    @BeforeEach
    void device() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.settings.maxFailedLogins = 1;
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void failuresFromElsewhereDoNotLockADeviceOut() throws IOException {
        room.start();

        String first = failFrom(2);
        String second = failFrom(2);

        assertThat(first).isEqualTo(WRONG);
        assertThat(second).isEqualTo(TOO_MANY);
        assertThat(room.login("d_1").isAlive()).isTrue();
    }

    @Test
    void rightPasswordIsLetInHoweverManyFailElsewhere() throws IOException {
        room.start();
        for (int i = 2; i < 22; i++) {
            assertThat(failFrom(i)).isEqualTo(WRONG);
        }

        assertThat(failFrom(22)).isEqualTo(TOO_MANY);
        assertThat(room.login("d_1").isAlive()).isTrue();
    }

    private String failFrom(int host) throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0." + host);
        Socket socket = new Socket("127.0.0.1", room.ports.taken().get("mqtt"), here, 0);
        socket.setSoTimeout(10_000);
        try (RawClient client = new RawClient(socket)) {
            client.send(Packet.connect("d_1").mqtt5().password("wrong").bytes());
            return client.readHex();
        }
    }
}
