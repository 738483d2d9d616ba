// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.downlink.model.Device;
import dev.downlink.model.Json;
import dev.downlink.model.Product;
import dev.downlink.model.Secret;
import dev.downlink.model.Subject;
import dev.downlink.model.Tag;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.SubDeviceRows.MoveDevice;
import dev.downlink.protocol.TagRows;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules are told of devices and products. */
class RegistryEventsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void nothingIsWrittenThatNobodyAskedFor() {
        TestDatabase.execute(uri, "INSERT INTO project VALUES ('p2', 'two', now())");
        TestRules.add(uri, "p2", null, "device:create", true);
        TestDatabase.execute(uri, "INSERT INTO space VALUES ('p1', 'elsewhere', 'two', false, now())");
        TestRules.add(uri, "p1", "elsewhere", "device:create", true);
        TestRules.add(uri, "p1", null, "device:create", false);
        TestRules.add(uri, "p1", null, "device:delete", true);

        room.insert(Room.device("d1"));

        assertThat(events()).isEmpty();
    }

    @Test
    void newDeviceIsToldAsTheApiShowsItWithoutSecrets() throws Exception {
        ask(Subject.DEVICE_CREATED);

        room.insert(Room.device("d1"));

        assertThat(events()).containsExactly("device:create d1");
        assertThat(JSON.readTree(body())).isEqualTo(JSON.readTree("""
            {"app_id": "s1", "app_name": "default", "device_id": "d1", "node_id": "node-d1", "gateway_id": "d1",
            "device_name": "name-d1", "node_type": "GATEWAY", "description": "about", "product_id": "meter",
            "product_name": "name-meter", "status": "INACTIVE", "create_time": "20250101T000000Z", "tags": [],
            "auth_info": {"auth_type": "SECRET", "secure_access": true, "timeout": 0},
            "extension_info": {"a": 1}}\
            """));
    }

    @Test
    void subDeviceNamesItsGateway() throws Exception {
        ask(Subject.DEVICE_CREATED);
        room.insert(Room.device("d1"));

        room.insert(Room.device("child", "d1", 0));

        assertThat(events()).containsExactly("device:create d1", "device:create child");
        JsonNode child = JSON.readTree(Letters.read(uri, "SELECT body::text FROM outbox ORDER BY id DESC LIMIT 1")
                .getFirst());
        assertThat(child.path("gateway_id").asText()).isEqualTo("d1");
        assertThat(child.path("node_type").asText()).isEqualTo("ENDPOINT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "{\"a\":1e999999}", "{\"a\":1E-99999}"})
    void whatOnlyTextCanKeepIsLeftOut(String extension) {
        ask(Subject.DEVICE_CREATED);
        Device d = Room.device("d1");

        room.insert(new Device(
                d.recordId(),
                d.project(),
                d.space(),
                d.product(),
                d.id(),
                d.node(),
                null,
                d.name(),
                d.description(),
                d.auth(),
                new Json(extension),
                false,
                d.created(),
                0));

        assertThat(events()).containsExactly("device:create d1");
        assertThat(body()).doesNotContain("extension_info");
    }

    @Test
    void changeIsToldOnceAndAConflictIsNot() throws Exception {
        Device device = room.insert(Room.device("d1"));
        room.ask(new TagRows.InsertTags(Room.PROJECT, device.id(), List.of(new Tag("k", "v")), 10));
        ask(Subject.DEVICE_UPDATED);

        room.ask(new DeviceRows.UpdateDeviceRow(device.withFrozen(true)));

        assertThat(room.failure(new DeviceRows.UpdateDeviceRow(device.withFrozen(false))))
                .isEqualTo(new Failure.Conflict("device", "d1"));
        assertThat(events()).containsExactly("device:update d1");
        assertThat(JSON.readTree(body()).path("status").asText()).isEqualTo("FROZEN");
        assertThat(JSON.readTree(body()).path("tags").toString())
                .isEqualTo("[{\"tag_key\":\"k\",\"tag_value\":\"v\"}]");
    }

    @Test
    void anotherGatewayIsAChange() throws Exception {
        room.insert(Room.device("g"));
        room.insert(Room.device("h"));
        Device child = room.insert(Room.device("child", "g", 0));
        ask(Subject.DEVICE_UPDATED);

        room.ask(new MoveDevice(child, false, Room.device("h")));

        assertThat(events()).containsExactly("device:update child");
        assertThat(JSON.readTree(body()).path("gateway_id").asText()).isEqualTo("h");
    }

    @Test
    void deletedDeviceKeepsItsHeader() throws Exception {
        Device device = room.insert(Room.device("d1"));
        room.ask(new TagRows.InsertTags(Room.PROJECT, device.id(), List.of(new Tag("k", "v")), 10));
        ask(Subject.DEVICE_DELETED);

        room.ask(new DeviceRows.DeleteDeviceRow(device.id()));

        assertThat(events()).containsExactly("device:delete d1");
        assertThat(JSON.readTree(header())).isEqualTo(JSON.readTree("""
            {"app_id": "s1", "device_id": "d1", "node_id": "node-d1", "product_id": "meter", "gateway_id": "d1",
            "tags": [{"tag_key": "k", "tag_value": "v"}]}\
            """));
    }

    @Test
    void deviceThatIsNotDeletedIsNotToldOf() {
        room.insert(Room.device("d1"));
        room.insert(Room.device("child", "d1", 0));
        ask(Subject.DEVICE_DELETED);

        Failure failure =
                room.failure(new DeviceRows.DeleteDeviceRow(Room.device("d1").id()));

        assertThat(failure).isInstanceOf(Failure.InUse.class);
        assertThat(events()).isEmpty();
    }

    @Test
    void unusedDeviceIsToldOfWhenItIsDeleted() {
        room.insert(Room.device("d1", null, 1));
        room.insert(Room.device("d2", null, 9));
        ask(Subject.DEVICE_DELETED);

        room.ask(new DeviceRows.DeleteUnused(Room.NOW.plusSeconds(5), 10));

        assertThat(events()).containsExactly("device:delete d1");
    }

    @Test
    void productIsToldAsTheApiShowsIt() throws Exception {
        ask(Subject.PRODUCT_CREATED);

        room.ask(new ProductRows.InsertProduct(Room.product("pump"), 100));

        String level = """
            "data_type": "int", "required": true, "min": "1", "max": "9", "step": 0.5, "unit": "m", "description": "how high\"\
            """;
        assertThat(JSON.readTree(body())).isEqualTo(JSON.readTree("""
            {"app_id": "s1", "app_name": "default", "product_id": "pump", "name": "name-pump", "device_type": "Meter",
            "protocol_type": "MQTT", "data_format": "json", "manufacturer_name": "maker", "industry": "water",
            "description": "about", "create_time": "20250101T000000Z", "service_capabilities": [
            {"service_id": "Water", "service_type": "Water", "description": "d", "option": "Optional",
            "properties": [{"property_name": "level", %1$s, "method": "RW", "default_value": 3}],
            "commands": [{"command_name": "open", "paras": [{"para_name": "level", %1$s}],
                "responses": [{"response_name": "r", "paras": [{"para_name": "level", %1$s}]}]}],
            "events": [{"event_type": "e", "paras": [{"para_name": "level", %1$s}]}]}]}\
            """.formatted(level)));
        assertThat(JSON.readTree(header())).isEqualTo(JSON.readTree("{\"app_id\": \"s1\", \"product_id\": \"pump\"}"));
    }

    @Test
    void productIsChangedAndDeleted() throws Exception {
        Product product = Room.product("pump");
        room.ask(new ProductRows.InsertProduct(product, 100));
        ask(Subject.PRODUCT_UPDATED);
        ask(Subject.PRODUCT_DELETED);

        room.ask(new ProductRows.UpdateProductRow(product));
        room.ask(new ProductRows.DeleteProductRow(product.recordId(), product.id()));

        List<String> bodies = Letters.read(uri, "SELECT body::text FROM outbox ORDER BY id");
        assertThat(bodies).hasSize(2);
        assertThat(JSON.readTree(bodies.getFirst()).path("service_capabilities").isEmpty())
                .isFalse();
        assertThat(JSON.readTree(bodies.getLast()))
                .isEqualTo(JSON.readTree("{\"app_id\": \"s1\", \"product_id\": \"pump\", \"name\": \"name-pump\"}"));
    }

    private void ask(Subject subject) {
        TestRules.add(uri, "p1", null, subject.text(), true);
    }

    private List<String> events() {
        return Letters.read(uri, "SELECT concat_ws(' ', subject, device_id) FROM outbox ORDER BY id");
    }

    private String body() {
        return Letters.read(uri, "SELECT body::text FROM outbox").getFirst();
    }

    private String header() {
        return Letters.read(uri, "SELECT header::text FROM outbox").getFirst();
    }
}
