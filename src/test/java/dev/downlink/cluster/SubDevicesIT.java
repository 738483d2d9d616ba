// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.TestDevice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gateways at one of two gateway processes, their applications at the other. */
class SubDevicesIT {
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
    void gatewayAtTheOtherNodeHearsOfItsSubDevices(int asked, int holder) {
        String id = gateway("hears" + holder);
        try (TestDevice gateway = pair.connect(holder, id, SECRET)) {
            String child = child(asked, "heard" + holder, id);
            JsonObject added = event(gateway);
            assertThat(pair.api(asked).delete("/devices/" + child).status()).isEqualTo(204);
            JsonObject removed = event(gateway);

            assertThat(named(added)).isEqualTo("add_sub_device_notify [" + child + "]");
            assertThat(named(removed)).isEqualTo("delete_sub_device_notify [" + child + "]");
            assertThat(removed.getJsonObject("paras").getLong("version"))
                    .isGreaterThan(added.getJsonObject("paras").getLong("version"));
        }
    }

    @Test
    void statusIsSeenAtBothNodes() {
        String id = gateway("says");
        String child = child(A, "said", id);
        try (TestDevice gateway = pair.connect(B, id, SECRET)) {
            gateway.publish("$oc/devices/" + id + "/sys/events/up", """
                {"services":[{"service_id":"$sub_device_manager","event_type":"sub_device_update_status",
                "paras":{"device_statuses":[{"device_id":"%s","status":"ONLINE"}]}}]}\
                """.formatted(child));

            assertThat(event(gateway).getString("event_type")).isEqualTo("sub_device_update_status_response");
        }
        for (int node : List.of(A, B)) {
            await().until(() -> pair.api(node)
                    .get("/devices/" + child)
                    .body()
                    .getString("status")
                    .equals("ONLINE"));
        }
    }

    @Test
    void subDeviceMovesToAGatewayAtTheOtherNodeWithWhatWaitsForIt() {
        String from = gateway("from");
        String to = gateway("to");
        String child = child(A, "moves", from);
        assertThat(pair.api(A)
                        .message(child, new JsonObject().put("message_id", "m1").put("message", "hello"))
                        .status())
                .isEqualTo(201);
        try (TestDevice gateway = pair.connect(B, to, SECRET)) {
            Api.Answer moved =
                    pair.api(A).post("/devices/" + child + "/change-gateway", new JsonObject().put("gateway_id", to));

            assertThat(moved.status()).isEqualTo(204);
            List<String> received = List.of(gateway.nextText(), gateway.nextText());
            assertThat(received)
                    .anyMatch(text -> text.contains("\"object_device_id\":\"" + child + "\"") && text.contains("hello"))
                    .anyMatch(text -> text.contains("add_sub_device_notify") && text.contains(child));
            await().until(() ->
                    pair.api(B).shownMessage(child, "m1").getString("status").equals("DELIVERED"));
        }
    }

    private static JsonObject event(TestDevice gateway) {
        return new JsonObject(gateway.nextText()).getJsonArray("services").getJsonObject(0);
    }

    private static String named(JsonObject event) {
        JsonArray devices = event.getJsonObject("paras").getJsonArray("devices");
        return event.getString("event_type") + " "
                + devices.stream()
                        .map(one -> ((JsonObject) one).getString("device_id"))
                        .toList();
    }

    private static String gateway(String node) {
        assertThat(pair.api(A).createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    private static String child(int asked, String node, String gateway) {
        Api.Answer answer = pair.api(asked)
                .post("/devices", JsonObject.of("product_id", "Meter", "node_id", node, "gateway_id", gateway));
        assertThat(answer.status()).isEqualTo(201);
        return answer.body().getString("device_id");
    }
}
