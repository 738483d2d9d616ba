// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.Models;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestDevice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Shadows on two gateway processes. */
class ShadowIT {
    private static final String SECRET = "a-device-secret";
    private static final int A = 0;
    private static final int B = 1;
    private static final int WISHES = 80;
    private static final List<String> NAMES = List.of("p0", "p1", "p2", "p3");
    private static final Duration LONG = Duration.ofSeconds(90);

    /** What differs between desired and reported is told until it does not, whatever is lost on the way. */
    @Test
    void deviceThatDropsAtRandomBecomesWhatIsWanted() {
        try (Pair pair = Pair.start()) {
            String device = register(pair, "random");
            try (Twin twin = new Twin(pair, device, SECRET, 4711)) {
                List<CompletableFuture<Void>> writers = IntStream.range(0, 2)
                        .mapToObj(node -> CompletableFuture.runAsync(() -> wish(pair.api(node), device, node)))
                        .toList();
                writers.forEach(CompletableFuture::join);
                twin.calmDown();

                await().atMost(LONG).untilAsserted(() -> {
                    JsonObject shadow = service(pair.api(A), device);
                    Map<String, Object> desired = properties(shadow, "desired");
                    assertThat(properties(shadow, "reported")).containsAllEntriesOf(desired);
                    assertThat(twin.state().getMap()).containsAllEntriesOf(desired);
                    assertThat(service(pair.api(B), device)).isEqualTo(shadow);
                });
                assertThat(twin.drops()).isPositive();
            }
        }
    }

    /** One in four with the version that was read before, of which some are stale by then. */
    private static void wish(Api api, String device, int node) {
        Random random = new Random(node);
        long seen = 0;
        int stale = 0;
        for (int i = 0; i < WISHES; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            JsonObject desired = new JsonObject();
            if (random.nextInt(10) == 0) {
                desired.putNull(name);
            } else {
                desired.put(name, random.nextInt(1000));
            }
            JsonObject change = JsonObject.of("service_id", "WaterMeter", "desired", desired);
            if (random.nextInt(4) == 0) {
                change.put("version", seen);
            }
            Api.Answer answer =
                    api.put("/devices/" + device + "/shadow", JsonObject.of("shadow", JsonArray.of(change)));
            assertThat(answer.status()).as(answer.toString()).isIn(200, 409);
            stale += answer.status() == 409 ? 1 : 0;
            long version = service(api, device).getLong("version");
            assertThat(version).isGreaterThanOrEqualTo(answer.status() == 409 ? seen : seen + 1);
            seen = version;
        }
        assertThat(stale).isLessThan(WISHES / 2);
    }

    /** With {@code flush_interval} 0 what is acknowledged is written. */
    @Test
    void killedNodeLosesNoReportThatItAcknowledged() {
        try (Pair pair = Pair.start(TestDatabase.blank(), Map.of("SHADOW_FLUSH_INTERVAL", "0s"))) {
            String device = register(pair, "killed");
            List<Integer> reported = new ArrayList<>();
            try (TestDevice meter = pair.connect(A, device, SECRET)) {
                for (int i = 0; i < 20; i++) {
                    report(meter, device, i);
                    reported.add(i);
                }
                pair.node(A).kill();
            }

            JsonObject left = service(pair.api(B), device);
            pair.startAgain(A);

            assertThat(properties(left, "reported")).containsEntry("p0", reported.getLast());
            assertThat(service(pair.api(A), device)).isEqualTo(left);
        }
    }

    /** Returns when it is acknowledged. */
    private static void report(TestDevice meter, String device, int value) {
        JsonObject service = JsonObject.of("service_id", "WaterMeter", "properties", JsonObject.of("p0", value));
        meter.publish(
                "$oc/devices/" + device + "/sys/properties/report",
                JsonObject.of("services", JsonArray.of(service)).encode());
    }

    private static String register(Pair pair, String node) {
        JsonObject product = Models.waterMeter("Twin");
        JsonArray properties =
                product.getJsonArray("service_capabilities").getJsonObject(0).getJsonArray("properties");
        NAMES.forEach(name -> properties.add(JsonObject.of("property_name", name, "data_type", "int", "method", "RW")));
        assertThat(pair.api(A).post("/products", product).status()).isEqualTo(201);
        assertThat(pair.api(A).createDevice("Twin", node, SECRET).status()).isEqualTo(201);
        return "Twin_" + node;
    }

    /** The only service, or one that nobody has written about. */
    private static JsonObject service(Api api, String device) {
        Api.Answer answer = api.get("/devices/" + device + "/shadow");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        JsonArray services = answer.body().getJsonArray("shadow");
        return services.isEmpty() ? JsonObject.of("version", 0L) : services.getJsonObject(0);
    }

    private static Map<String, Object> properties(JsonObject service, String part) {
        return service.getJsonObject(part, new JsonObject())
                .getJsonObject("properties", new JsonObject())
                .getMap();
    }
}
