// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.Secret;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushIT {
    private final Secret uri = Room.database();
    private final Receiver receiver = Receiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void eventIsPostedAndTakenOut() {
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");

            await().until(() -> Rows.count(uri, "outbox") == 0 && !receiver.pushes.isEmpty());

            Receiver.Push push = receiver.pushes.getFirst();
            assertThat(push.headers().get("Content-Type")).isEqualTo("application/json;charset=utf-8");
            assertThat(push.data()).isEqualTo(new JsonObject("""
                {"header":{"app_id":"s1","device_id":"d1","node_id":"node1","product_id":"meter","gateway_id":"d1",
                "tags":[{"tag_key":"site","tag_value":"north"}]},"body":{"n":1}}\
                """));
        }
    }

    @Test
    void eventsOfADeviceComeInOrder() {
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri)) {
            IntStream.range(0, 300).forEach(i -> room.offer("d" + (1 + i % 3), "{\"n\":" + i + "}"));

            await().until(() -> receiver.pushes.size() >= 300);

            for (int device = 0; device < 3; device++) {
                assertThat(receiver.numbers("d" + (device + 1)))
                        .containsExactlyElementsOf(IntStream.iterate(device, i -> i < 300, i -> i + 3)
                                .boxed()
                                .toList());
            }
        }
    }
}
