// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tags, device groups and searches through the SDK (northbound §1.4 to §1.6). */
@ExtendWith(Stage.Entrance.class)
class TagsAndGroupsIT {
    private static final String PRODUCT = "Grouped";

    private final Stage stage;

    TagsAndGroupsIT(Stage stage) {
        this.stage = stage;
    }

    @BeforeAll
    static void createProduct(Stage stage) {
        stage.createWaterMeter(PRODUCT);
    }

    private JsonObject body(String operation, int status, JsonObject request) {
        return stage.call(operation, request).body(status);
    }

    private static JsonObject in(JsonObject body) {
        return JsonObject.of("body", body);
    }

    private static JsonObject resource(String device) {
        return JsonObject.of("resource_type", "device", "resource_id", device);
    }

    private static JsonArray tags(String... keysAndValues) {
        JsonArray tags = new JsonArray();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tags.add(JsonObject.of("tag_key", keysAndValues[i], "tag_value", keysAndValues[i + 1]));
        }
        return tags;
    }

    private static List<String> names(JsonObject list, String field, String name) {
        return list.getJsonArray(field).stream()
                .map(item -> ((JsonObject) item).getString(name))
                .toList();
    }

    @Test
    void tagsAreBoundShownFoundAndUnbound() {
        String device = stage.addDevice(PRODUCT, "tagged").id();
        JsonObject bind = resource(device).put("tags", tags("town", "Ulm", "river", "Donau"));

        stage.call("tagDevice", in(bind)).succeeded(200);

        JsonObject shown = body("showDevice", 200, JsonObject.of("device_id", device));
        assertThat(shown.getJsonArray("tags")).isEqualTo(tags("river", "Donau", "town", "Ulm"));
        JsonObject query = JsonObject.of("resource_type", "device", "tags", tags("town", "Ulm"));
        JsonObject found = body("listResourcesByTags", 200, in(query).put("limit", 5));
        assertThat(names(found, "resources", "resource_id")).containsExactly(device);
        assertThat(found.getJsonObject("page").getInteger("count")).isEqualTo(1);

        stage.call("untagDevice", in(resource(device).put("tag_keys", JsonArray.of("town"))))
                .succeeded(200);

        JsonObject listed = body("listDevices", 200, JsonObject.of("node_id", "tagged"));
        assertThat(listed.getJsonArray("devices").getJsonObject(0).getJsonArray("tags"))
                .isEqualTo(tags("river", "Donau"));
    }

    @Test
    void wrongTagsAreRefused() {
        String device = stage.addDevice(PRODUCT, "untagged").id();

        stage.call("tagDevice", in(resource(device).put("tags", tags("iot_mine", "x"))))
                .failedWith(400, "IOTDA.004002");
        stage.call("tagDevice", in(resource("nobody").put("tags", tags("a", "x"))))
                .failedWith(404, "IOTDA.014000");
        stage.call(
                        "tagDevice",
                        in(resource(device).put("resource_type", "product").put("tags", tags("a", "x"))))
                .failedWith(400, "IOTDA.000006");
    }

    @Test
    void searchesAreAnswered() {
        String device = stage.addDevice(PRODUCT, "searched").id();
        stage.call("tagDevice", in(resource(device).put("tags", tags("mark", "yes"))))
                .succeeded(200);

        JsonObject found = search("select * from device where device_id = '" + device + "' limit 0,5");
        JsonObject count = search("select count(*) from device where tag_key = 'mark'");

        JsonObject only = found.getJsonArray("devices").getJsonObject(0);
        assertThat(only.getMap())
                .containsEntry("device_id", device)
                .containsEntry("product_id", PRODUCT)
                .containsEntry("status", "INACTIVE");
        assertThat(only.getString("marker")).hasSize(24);
        assertThat(count.getInteger("count")).isEqualTo(1);
        stage.call("searchDevices", in(JsonObject.of("sql", "drop table device")))
                .failedWith(400, "IOTDA.000006");
    }

    private JsonObject search(String sql) {
        return body("searchDevices", 200, in(JsonObject.of("sql", sql)));
    }

    @Test
    void staticGroupLives() {
        String device = stage.addDevice(PRODUCT, "member").id();
        JsonObject top = body("addDeviceGroup", 201, in(JsonObject.of("name", "top", "description", "all of it")));
        JsonObject id = JsonObject.of("group_id", top.getString("group_id"));
        JsonObject part = JsonObject.of("name", "part", "super_group_id", top.getString("group_id"));
        JsonObject below = body("addDeviceGroup", 201, in(part));
        JsonObject with = id.copy().put("device_id", device);

        stage.call("createOrDeleteDeviceInGroup", with.copy().put("action_id", "addDevice"))
                .succeeded(200);
        JsonObject members = body("showDevicesInGroup", 200, id.copy().put("limit", 10));
        JsonObject groups = body("listDeviceGroupsByDevice", 200, JsonObject.of("device_id", device));
        JsonObject changed = body("updateDeviceGroup", 200, id.copy().put("body", JsonObject.of("name", "top of all")));
        JsonObject shown = body("showDeviceGroup", 200, id);

        assertThat(top.getString("group_type")).isEqualTo("STATIC");
        assertThat(below.getString("super_group_id")).isEqualTo(top.getString("group_id"));
        assertThat(names(members, "devices", "device_id")).containsExactly(device);
        assertThat(members.getJsonObject("page").getInteger("count")).isEqualTo(1);
        assertThat(names(groups, "device_groups", "name")).containsExactly("top");
        assertThat(shown).isEqualTo(changed);
        assertThat(shown.getString("name")).isEqualTo("top of all");
        assertThat(shown.getString("description")).isEqualTo("all of it");
        stage.call("deleteDeviceGroup", id).failedWith(400, "IOTDA.900004");
        stage.call("createOrDeleteDeviceInGroup", with.copy().put("action_id", "removeDevice"))
                .succeeded(200);
        stage.call("deleteDeviceGroup", JsonObject.of("group_id", below.getString("group_id")))
                .succeeded(204);
        stage.call("deleteDeviceGroup", id).succeeded(204);
        stage.call("showDeviceGroup", id).failedWith(404, "IOTDA.900001");
    }

    @Test
    void dynamicGroupIsListedWithItsDevices() {
        String device = stage.addDevice(PRODUCT, "ruled").id();
        JsonObject group = body(
                "addDeviceGroup",
                201,
                in(JsonObject.of("name", "ruled", "group_type", "DYNAMIC")
                        .put("dynamic_group_rule", "device_id = '" + device + "'")));

        JsonObject listed = body("listDeviceGroups", 200, JsonObject.of("group_type", "DYNAMIC", "name", "ruled"));
        JsonObject members = body("showDevicesInGroup", 200, JsonObject.of("group_id", group.getString("group_id")));

        assertThat(group.getString("dynamic_group_rule")).isEqualTo("device_id = '" + device + "'");
        assertThat(names(listed, "device_groups", "group_id")).containsExactly(group.getString("group_id"));
        assertThat(names(members, "devices", "node_id")).containsExactly("ruled");
    }
}
