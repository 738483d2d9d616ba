// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.Secret;
import dev.downlink.protocol.Notice;
import dev.downlink.support.TestDatabase;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sends what. */
class LanesIT {
    private final Secret uri = Room.database();
    private final Receiver receiver = Receiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void instancesShareTheLanesOfAnOutlet() {
        Room.rule(uri, 1, receiver.url());
        try (Room _ = Room.on(uri)) {
            await().until(() -> lanes("node = 1 AND instance = 0").equals("4"));

            await().until(() -> lanes("node = 1 AND instance = 1").equals("4"));
        }
    }

    @Test
    void nodeThatComesGetsItsShareAndOneThatGoesLeavesIt() {
        Room.rule(uri, 1, receiver.url());
        try (Room first = Room.node(1, uri)) {
            await().until(() -> lanes("node = 1").equals("8"));
            try (Room second = Room.node(2, uri)) {
                await().until(() ->
                        lanes("node = 1").equals("4") && lanes("node = 2").equals("4"));
                offer(first, 0, 100);

                second.stopPushing();

                assertThat(lanes("node = 2")).isEqualTo("0");
                offer(first, 100, 200);
                await().until(() -> Rows.count(uri, "outbox") == 0);
                assertThat(receiver.pushes).hasSize(200);
                assertOrder(200);
            }
        }
    }

    @Test
    void lanesOfANodeThatDiedAreTakenOver() {
        Room.rule(uri, 1, receiver.url());
        TestDatabase.execute(uri, "INSERT INTO outlet_lane SELECT 1, i, 77, 0 FROM generate_series(0, 7) i");
        TestDatabase.execute(uri, "INSERT INTO node VALUES (77, 'dying', now())");
        TestDatabase.execute(uri, "INSERT INTO pusher VALUES (0, 77, 0)");
        try (Room room = Room.node(1, uri)) {
            offer(room, 0, 30);
            assertThat(receiver.pushes).isEmpty();

            TestDatabase.execute(uri, "DELETE FROM node WHERE id = 77");

            await().until(() -> lanes("node = 1").equals("8"));
            await().until(() -> Rows.count(uri, "outbox") == 0);
            assertOrder(30);
        }
    }

    @Test
    void nodeThatWasTakenForDeadLetsGoAndTakesItsShareAgain() {
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.node(1, uri)) {
            await().until(() -> lanes("node = 1").equals("8"));
            TestDatabase.execute(uri, "UPDATE outlet_lane SET node = 2 WHERE lane < 4");
            TestDatabase.execute(uri, "INSERT INTO node VALUES (2, 'other', now())");
            TestDatabase.execute(uri, "INSERT INTO pusher VALUES (0, 2, 0)");

            room.bus.publishHere(new Notice.SessionsLost());

            TestDatabase.execute(uri, "DELETE FROM node WHERE id = 2");
            await().until(() -> lanes("node = 1").equals("8"));
            offer(room, 0, 20);
            await().until(() -> Rows.count(uri, "outbox") == 0);
            assertOrder(20);
        }
    }

    private static void offer(Room room, int from, int to) {
        IntStream.range(from, to).forEach(i -> room.offer("d" + (1 + i % 9), "{\"n\":" + i + "}"));
    }

    private void assertOrder(int count) {
        for (int device = 0; device < 9; device++) {
            assertThat(receiver.numbers("d" + (device + 1)))
                    .containsExactlyElementsOf(IntStream.iterate(device, i -> i < count, i -> i + 9)
                            .boxed()
                            .toList());
        }
    }

    private String lanes(String where) {
        return Rows.one(uri, "SELECT count(*) FROM outlet_lane WHERE " + where);
    }
}
