// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.GroupId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.GroupRequest.GroupDevice;
import dev.downlink.protocol.GroupRequest.ListGroupDevices;
import dev.downlink.protocol.Page;
import dev.downlink.support.Api;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Device groups, tags and searches as an application uses them together (northbound §1.4 to §1.6). */
class GroupIT {
    private static final String SECRET = "a-device-secret";

    private static TestGateway gateway;
    private static Api api;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        api = gateway.project("p1");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    private static String device(String node) {
        assertThat(api.createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    @CanIgnoreReturnValue
    private static String group(JsonObject body) {
        Api.Answer answer = api.post("/device-group", body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().getString("group_id");
    }

    private static JsonObject named(String name) {
        return new JsonObject().put("name", name);
    }

    private static JsonObject ruled(String name, String rule) {
        return named(name).put("group_type", "DYNAMIC").put("dynamic_group_rule", rule);
    }

    private static Api.Answer act(String group, String action, String device) {
        return api.post(
                "/device-group/" + group + "/action?action_id=" + action + "&device_id=" + device, new JsonObject());
    }

    private static void tag(String device, String key, String value) {
        JsonObject tag = new JsonObject().put("tag_key", key).put("tag_value", value);
        JsonObject body = new JsonObject()
                .put("resource_type", "device")
                .put("resource_id", device)
                .put("tags", new JsonArray().add(tag));
        assertThat(api.post("/tags/bind-resource", body).status()).isEqualTo(200);
    }

    private static List<String> devicesOf(String group) {
        return ids(api.get("/device-group/" + group + "/devices").body().getJsonArray("devices"), "device_id");
    }

    private static List<String> found(String where) {
        JsonObject sql = new JsonObject().put("sql", "select device_id from device where " + where + " limit 50");
        return ids(api.post("/search/query-devices", sql).body().getJsonArray("devices"), "device_id");
    }

    private static List<String> ids(JsonArray list, String name) {
        return list.stream().map(item -> ((JsonObject) item).getString(name)).toList();
    }

    @Test
    void dynamicGroupFollowsItsDevices() {
        String one = device("dynamic1");
        String two = device("dynamic2");
        String group = group(ruled("dynamic", "tag_key = 'lamp' and tag_value = 'red' or status = 'FROZEN'"));
        assertThat(devicesOf(group)).isEmpty();

        tag(one, "lamp", "red");
        assertThat(devicesOf(group)).containsExactly(one);
        assertThat(api.post("/devices/" + two + "/freeze", new JsonObject()).status())
                .isEqualTo(204);
        assertThat(devicesOf(group)).containsExactly(two, one);
        tag(one, "lamp", "green");

        assertThat(devicesOf(group)).containsExactly(two);
        assertThat(found("group_id = '" + group + "'")).containsExactly(two);
        assertThat(found("group_id != '" + group + "' and node_id in ('dynamic1', 'dynamic2')"))
                .containsExactly(one);
    }

    @Test
    void aDynamicGroupIsNotFilledByHand() {
        String device = device("byhand");
        String group = group(ruled("unhandy", "status = 'FROZEN'"));

        assertThat(act(group, "addDevice", device).error()).isEqualTo("IOTDA.000006");
        assertThat(act(group, "removeDevice", device).error()).isEqualTo("IOTDA.000006");
    }

    @Test
    void whatARuleDoesNotSayIsRefusedAtOnce() {
        JsonObject wrong = ruled("wrong", "status = 'FROZEN' and colour = 'red'");

        Api.Answer answer = api.post("/device-group", wrong);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().getString("error_msg"))
                .isEqualTo("dynamic_group_rule is not understood at character 23: 'colour', expected the name of a"
                        + " field.");
        assertThat(api.post("/device-group", named("static").put("dynamic_group_rule", "status = 'FROZEN'"))
                        .status())
                .isEqualTo(400);
        assertThat(api.post("/device-group", named("no rule").put("group_type", "DYNAMIC"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void groupsHaveFiveLevels() {
        String above = group(named("level1"));
        for (int level = 2; level <= 5; level++) {
            above = group(named("level" + level).put("super_group_id", above));
        }

        Api.Answer sixth = api.post("/device-group", named("level6").put("super_group_id", above));

        assertThat(sixth.status()).as(sixth.toString()).isEqualTo(400);
        assertThat(sixth.body().getString("error_msg")).startsWith("super_group_id must not name a group on level 5");
    }

    @Test
    void aDynamicGroupHasNoPlaceInTheTree() {
        String dynamic = group(ruled("treeless", "status = 'FROZEN'"));

        assertThat(api.post("/device-group", named("under it").put("super_group_id", dynamic))
                        .status())
                .isEqualTo(400);
        assertThat(api.post("/device-group", ruled("under", "status = 'FROZEN'").put("super_group_id", dynamic))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aDeviceKnowsAllItsGroups() {
        String device = device("known");
        String held = group(named("held"));
        String fitting = group(ruled("fitting", "node_id = 'known'"));
        group(ruled("not fitting", "node_id = 'unknown'"));
        assertThat(act(held, "addDevice", device).status()).isEqualTo(200);

        Api.Answer answer = api.post("/devices/" + device + "/list-device-group", new JsonObject());

        assertThat(ids(answer.body().getJsonArray("device_groups"), "group_id")).containsExactly(held, fitting);
        assertThat(answer.body().getJsonArray("device_groups").getJsonObject(1).getMap())
                .containsEntry("group_type", "DYNAMIC")
                .doesNotContainKey("dynamic_group_rule");
    }

    @Test
    void aGroupHoldsDevicesOfItsSpaceOnly() {
        String space = api.post("/apps", new JsonObject().put("app_name", "elsewhere"))
                .body()
                .getString("app_id");
        String device = device("here");
        String group = group(named("there").put("app_id", space));
        String ruled = group(ruled("there too", "node_id = 'here'").put("app_id", space));

        assertThat(act(group, "addDevice", device).error()).isEqualTo("IOTDA.014000");
        assertThat(devicesOf(ruled)).isEmpty();
        assertThat(found("group_id = '" + ruled + "'")).isEmpty();
        assertThat(api.post("/device-group", named("wrong place").put("super_group_id", group))
                        .status())
                .isEqualTo(400);
    }

    /** As a batch task will do it. */
    @Test
    void aProgramPagesThroughAllDevicesOfAGroup() {
        String byHand = group(named("paged"));
        String byRule = group(ruled("paged too", "node_id like 'paged%'"));
        List<String> devices = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            devices.addFirst(device("paged" + i));
            assertThat(act(byHand, "addDevice", devices.getFirst()).status()).isEqualTo(200);
        }

        assertThat(paged(byHand)).isEqualTo(devices);
        assertThat(paged(byRule)).isEqualTo(devices);
    }

    private static List<String> paged(String group) {
        List<String> all = new ArrayList<>();
        RecordId from = RecordId.LAST;
        List<GroupDevice> page;
        do {
            page = gateway.gateway()
                    .ask(new ListGroupDevices(new ProjectId("p1"), new GroupId(group), new Page(3, from, 0), false))
                    .devices();
            page.forEach(device -> all.add(device.device().value()));
            from = page.isEmpty() ? from : page.getLast().recordId();
        } while (!page.isEmpty());
        return all;
    }

    @Test
    void searchShowsOnlyWhatWasAskedFor() {
        String device = device("shown");
        tag(device, "colour", "白");

        JsonObject some = search("select tags, status,device_id from device where node_id = 'shown'");
        JsonObject all = search("select * from device where node_id = 'shown'");
        JsonObject count = search("select count(*) from device where node_id = 'shown'");

        assertThat(some.encode())
                .isEqualTo("{\"devices\":[{\"device_id\":\"Meter_shown\",\"status\":\"INACTIVE\","
                        + "\"tags\":[{\"tag_key\":\"colour\",\"tag_value\":\"白\"}]}]}");
        assertThat(all.getJsonArray("devices").getJsonObject(0).fieldNames())
                .containsExactlyInAnyOrder(
                        "app_id",
                        "app_name",
                        "device_id",
                        "node_id",
                        "gateway_id",
                        "node_type",
                        "product_id",
                        "product_name",
                        "status",
                        "tags",
                        "groups",
                        "marker");
        assertThat(count.encode()).isEqualTo("{\"devices\":[],\"count\":1}");
    }

    private static JsonObject search(String sql) {
        Api.Answer answer = api.post("/search/query-devices", new JsonObject().put("sql", sql));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void markerLeadsThroughAllOfASearch() {
        List<String> devices = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            devices.add(device("marked" + i));
        }

        List<String> seen = new ArrayList<>();
        String marker = "0".repeat(24);
        JsonArray page;
        do {
            page = search("select * from device where node_id like 'marked%' and marker > '" + marker
                            + "' order by marker asc limit 2")
                    .getJsonArray("devices");
            seen.addAll(ids(page, "device_id"));
            marker = page.isEmpty() ? marker : ids(page, "marker").getLast();
        } while (!page.isEmpty());

        assertThat(seen).isEqualTo(devices);
    }
}
