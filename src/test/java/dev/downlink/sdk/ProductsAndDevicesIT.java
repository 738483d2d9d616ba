// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Products, devices and spaces through the SDK (northbound §0.2, §1 and §7). */
@ExtendWith(Stage.Entrance.class)
class ProductsAndDevicesIT {
    private static final String PRODUCT = "Registered";

    private final Stage stage;

    ProductsAndDevicesIT(Stage stage) {
        this.stage = stage;
    }

    @BeforeAll
    static void createProduct(Stage stage) {
        stage.createWaterMeter(PRODUCT);
    }

    @Test
    void fullModelComesBackAsItWasSent() {
        JsonObject sent = fullProduct("FullModel");

        JsonObject created =
                stage.call("createProduct", JsonObject.of("body", sent)).body(201);
        JsonObject shown = stage.call("showProduct", JsonObject.of("product_id", "FullModel"))
                .body(200);

        assertThat(shown).isEqualTo(created);
        sent.fieldNames().forEach(field -> assertThat(shown.getValue(field)).isEqualTo(sent.getValue(field)));
        assertThat(shown.getString("create_time")).matches("\\d{8}T\\d{6}Z");
        assertThat(shown.getString("app_id")).isNotBlank();
    }

    @Test
    void listOfProductsHasNoModels() {
        JsonObject request = JsonObject.of("product_name", PRODUCT);

        JsonObject list = stage.call("listProducts", request).body(200);

        JsonObject product = list.getJsonArray("products").getJsonObject(0);
        assertThat(product.getString("product_id")).isEqualTo(PRODUCT);
        assertThat(product.containsKey("service_capabilities")).isFalse();
        assertThat(list.getJsonObject("page").getInteger("count")).isEqualTo(1);
    }

    @Test
    void updateChangesOnlyWhatWasSent() {
        stage.createWaterMeter("Updated");
        JsonObject change = JsonObject.of("description", "only this", "industry", "water");

        JsonObject updated = stage.call("updateProduct", JsonObject.of("product_id", "Updated", "body", change))
                .body(200);

        assertThat(updated.getString("description")).isEqualTo("only this");
        assertThat(updated.getString("name")).isEqualTo("Updated");
        assertThat(updated.getJsonArray("service_capabilities")).hasSize(1);
    }

    @Test
    void deletedProductIsGone() {
        stage.createWaterMeter("Deleted");

        JsonObject _ = stage.call("deleteProduct", JsonObject.of("product_id", "Deleted"))
                .body(204);

        stage.call("showProduct", JsonObject.of("product_id", "Deleted")).failedWith(404, "IOTDA.900101");
    }

    @Test
    void deviceIsNamedAfterProductAndNode() {
        JsonObject body = JsonObject.of("product_id", PRODUCT, "node_id", "named", "device_name", "TheNamedOne(水表)");

        JsonObject added = stage.call("addDevice", JsonObject.of("body", body)).body(201);

        assertThat(added.getMap())
                .containsEntry("device_id", PRODUCT + "_named")
                .containsEntry("gateway_id", PRODUCT + "_named")
                .containsEntry("node_type", "GATEWAY")
                .containsEntry("status", "INACTIVE")
                .containsEntry("product_name", PRODUCT)
                .containsEntry("device_name", "TheNamedOne(水表)");
        assertThat(added.getJsonObject("auth_info").getString("secret")).hasSizeBetween(8, 32);
    }

    @Test
    void deviceIsUpdatedAndDeleted() {
        String device = stage.addDevice(PRODUCT, "short-lived").id();
        JsonObject id = JsonObject.of("device_id", device);
        JsonObject change = JsonObject.of("device_name", "renamed", "extension_info", JsonObject.of("floor", 3));

        JsonObject updated =
                stage.call("updateDevice", id.copy().put("body", change)).body(200);
        JsonObject shown = stage.call("showDevice", id).body(200);
        JsonObject _ = stage.call("deleteDevice", id).body(204);

        assertThat(updated.getString("device_name")).isEqualTo("renamed");
        assertThat(shown.getJsonObject("extension_info").getInteger("floor")).isEqualTo(3);
        stage.call("showDevice", id).failedWith(404, "IOTDA.014000");
    }

    @Test
    void sameDeviceTwiceIsRefused() {
        String _ = stage.addDevice(PRODUCT, "twin").id();
        JsonObject again = JsonObject.of("body", JsonObject.of("product_id", PRODUCT, "node_id", "twin"));

        stage.call("addDevice", again).failedWith(400, "IOTDA.014031");
    }

    @Test
    void devicesArePagedByMarkerNewestFirst() {
        List<String> made = devices("Marked", 5);
        JsonObject request = JsonObject.of("product_id", "Marked", "limit", 2);

        List<String> seen = new ArrayList<>();
        JsonObject page = stage.call("listDevices", request).body(200);
        while (!page.getJsonArray("devices").isEmpty()) {
            assertThat(page.getJsonObject("page").getInteger("count")).isEqualTo(5);
            seen.addAll(ids(page));
            request.put("marker", page.getJsonObject("page").getString("marker"));
            page = stage.call("listDevices", request).body(200);
        }

        assertThat(seen).isEqualTo(made.reversed());
    }

    @Test
    void devicesArePagedByOffsetUntilAPageIsEmpty() {
        List<String> made = devices("Offset", 5);

        List<String> seen = IntStream.of(0, 3, 6)
                .mapToObj(offset -> JsonObject.of("product_id", "Offset", "limit", 3, "offset", offset))
                .map(request -> stage.call("listDevices", request).body(200))
                .flatMap(page -> ids(page).stream())
                .toList();

        assertThat(seen).isEqualTo(made.reversed());
    }

    @Test
    void productsArePagedByMarkerAndOffset() {
        List<String> made = List.of("Paged1", "Paged2", "Paged3");
        made.forEach(stage::createWaterMeter);
        JsonObject first = stage.call("listProducts", JsonObject.of("limit", 2)).body(200);
        String marker = first.getJsonObject("page").getString("marker");

        JsonObject byMarker = stage.call("listProducts", JsonObject.of("limit", 50, "marker", marker))
                .body(200);
        JsonObject byOffset = stage.call("listProducts", JsonObject.of("limit", 50, "offset", 2))
                .body(200);

        assertThat(names(first)).containsExactly("Paged3", "Paged2");
        assertThat(names(byMarker)).startsWith("Paged1").isEqualTo(names(byOffset));
    }

    @Test
    void deviceIsFrozenOnceAndUnfrozenOnce() {
        JsonObject id =
                JsonObject.of("device_id", stage.addDevice(PRODUCT, "ice").id());

        JsonObject _ = stage.call("freezeDevice", id).body(204);
        assertThat(stage.call("showDevice", id).body(200).getString("status")).isEqualTo("FROZEN");
        stage.call("freezeDevice", id).failedWith(403, "IOTDA.014039");
        JsonObject _ = stage.call("unfreezeDevice", id).body(204);
        stage.call("unfreezeDevice", id).failedWith(403, "IOTDA.014040");
    }

    @Test
    void secretAndFingerprintAreReset() {
        JsonObject id =
                JsonObject.of("device_id", stage.addDevice(PRODUCT, "reset").id());
        JsonObject secret = id.copy()
                .put("action_id", "resetSecret")
                .put("body", JsonObject.of("secret", "another-secret", "force_disconnect", false));
        JsonObject fingerprint = id.copy().put("body", JsonObject.of("fingerprint", "a1".repeat(32)));

        JsonObject newSecret = stage.call("resetDeviceSecret", secret).body(200);
        JsonObject newFingerprint = stage.call("resetFingerprint", fingerprint).body(200);

        assertThat(newSecret.getString("secret")).isEqualTo("another-secret");
        assertThat(newFingerprint.getString("fingerprint")).isEqualToIgnoringCase("a1".repeat(32));
    }

    @Test
    void spaceIsMadeShownAndDeleted() {
        JsonObject added = stage.call("addApplication", JsonObject.of("body", JsonObject.of("app_name", "Basement")))
                .body(201);
        JsonObject id = JsonObject.of("app_id", added.getString("app_id"));

        JsonArray spaces =
                stage.call("showApplications", new JsonObject()).body(200).getJsonArray("applications");
        JsonObject renamed = stage.call("updateApplication", id.copy().put("body", JsonObject.of("app_name", "Cellar")))
                .body(200);
        JsonObject _ = stage.call("deleteApplication", id).body(204);

        assertThat(spaces).hasSize(2);
        assertThat(renamed.getString("app_name")).isEqualTo("Cellar");
        stage.call("showApplication", id).failedWith(403, "IOTDA.001000");
    }

    /** Their ids, oldest first. */
    private List<String> devices(String product, int count) {
        stage.createWaterMeter(product);
        return IntStream.range(0, count)
                .mapToObj(i -> stage.addDevice(product, "n" + i).id())
                .toList();
    }

    private static List<String> ids(JsonObject page) {
        return texts(page.getJsonArray("devices"), "device_id");
    }

    private static List<String> names(JsonObject page) {
        return texts(page.getJsonArray("products"), "name");
    }

    private static List<String> texts(JsonArray records, String field) {
        return records.stream()
                .map(record -> ((JsonObject) record).getString(field))
                .toList();
    }

    /** Every field that a product can have. */
    private static JsonObject fullProduct(String id) {
        JsonObject temperature = JsonObject.of("property_name", "temperature", "data_type", "decimal")
                .put("required", true)
                .put("min", "-40")
                .put("max", "125.5")
                .put("step", 0.5)
                .put("unit", "centigrade")
                .put("method", "RWE")
                .put("description", "of the water")
                .put("default_value", JsonObject.of("celsius", 21));
        JsonObject mode = JsonObject.of("property_name", "mode", "data_type", "enum", "method", "RW")
                .put("required", false)
                .put("enum_list", JsonArray.of("eco", "boost"))
                .put("max_length", 10);
        JsonObject value = para("value", "string")
                .put("required", true)
                .put("enum_list", JsonArray.of("ON", "OFF"))
                .put("max_length", 8)
                .put("description", "what to do");
        JsonObject seconds = para("seconds", "int")
                .put("required", false)
                .put("min", "1")
                .put("max", "3600")
                .put("step", 1.0)
                .put("unit", "s");
        JsonObject response = JsonObject.of("response_name", "ON_OFF_RESPONSE", "paras", JsonArray.of(result()));
        JsonObject command = JsonObject.of("command_name", "ON_OFF", "paras", JsonArray.of(value, seconds))
                .put("responses", JsonArray.of(response));
        JsonObject event = JsonObject.of("event_type", "leak", "paras", JsonArray.of(result()));
        JsonObject service = JsonObject.of("service_id", "WaterMeter$1", "service_type", "WaterMeter")
                .put("properties", JsonArray.of(temperature, mode))
                .put("commands", JsonArray.of(command))
                .put("events", JsonArray.of(event))
                .put("description", "of a house, 水表")
                .put("option", "Mandatory");
        return JsonObject.of("product_id", id, "name", "FullModel水表", "device_type", "WaterMeter")
                .put("protocol_type", "MQTT")
                .put("data_format", "json")
                .put("manufacturer_name", "Acme")
                .put("industry", "water")
                .put("description", "has it all")
                .put("service_capabilities", JsonArray.of(service));
    }

    private static JsonObject result() {
        return para("result", "string").put("required", false).put("max_length", 32);
    }

    private static JsonObject para(String name, String type) {
        return JsonObject.of("para_name", name, "data_type", type);
    }
}
