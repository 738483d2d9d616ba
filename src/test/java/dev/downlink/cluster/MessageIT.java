// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.TestDevice;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages do not care at which of two gateway processes they are posted and where their device is connected. */
class MessageIT {
    private static final String SECRET = "a-device-secret";
    private static final int A = 0;
    private static final int B = 1;

    private static Pair pair;

    @BeforeAll
    static void start() {
        pair = Pair.start();
        assertThat(pair.api(A).createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        pair.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0"})
    void messageReachesADeviceAtTheOtherNode(int asked, int holder) {
        String id = register("far" + holder);
        try (TestDevice device = pair.connect(holder, id, SECRET)) {
            Api.Answer answer = pair.api(asked).message(id, message("m1"));

            assertThat(answer.body().getJsonObject("result").getString("status"))
                    .isEqualTo("DELIVERED");
            assertThat(new JsonObject(device.nextText()).getString("id")).isEqualTo("m1");
        }
    }

    @Test
    void messageThatWaitsIsFoundAtEveryNode() {
        String id = register("later");
        pair.api(A).message(id, message("m1"));
        pair.api(B).message(id, message("m2"));

        try (TestDevice device = pair.connect(B, id, SECRET)) {
            assertThat(new JsonObject(device.nextText()).getString("id")).isEqualTo("m1");
            assertThat(new JsonObject(device.nextText()).getString("id")).isEqualTo("m2");
            await().until(() ->
                    pair.api(A).shownMessage(id, "m2").getString("status").equals("DELIVERED"));
        }
    }

    @Test
    void broadcastReachesSubscribersAtEveryNode() {
        String near = register("near");
        String far = register("far");
        try (TestDevice one = pair.connect(A, near, SECRET);
                TestDevice other = pair.connect(B, far, SECRET)) {
            one.subscribe("$oc/broadcast/all");
            other.subscribe("$oc/broadcast/all");

            Api.Answer answer = pair.api(A)
                    .post(
                            "/broadcast-messages",
                            new JsonObject()
                                    .put("topic_full_name", "$oc/broadcast/all")
                                    .put("message", "aGVsbG8="));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(one.nextText()).isEqualTo("hello");
            assertThat(other.nextText()).isEqualTo("hello");
        }
    }

    private static String register(String node) {
        assertThat(pair.api(A).createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    private static JsonObject message(String id) {
        return new JsonObject().put("message_id", id).put("message", "hello");
    }
}
