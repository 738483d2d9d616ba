// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.GroupRequest.AddGroup;
import dev.downlink.protocol.GroupRequest.AddToGroup;
import dev.downlink.protocol.GroupRequest.DeleteGroup;
import dev.downlink.protocol.GroupRequest.GroupDevice;
import dev.downlink.protocol.GroupRequest.GroupDevices;
import dev.downlink.protocol.GroupRequest.GroupView;
import dev.downlink.protocol.GroupRequest.Groups;
import dev.downlink.protocol.GroupRequest.ListGroupDevices;
import dev.downlink.protocol.GroupRequest.RemoveFromGroup;
import dev.downlink.protocol.GroupRequest.UpdateGroup;
import dev.downlink.protocol.GroupRows.Filter;
import dev.downlink.protocol.GroupRows.GroupPage;
import dev.downlink.protocol.GroupRows.ListGroups;
import dev.downlink.protocol.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupRoutesTest {
    private static final String ALL = "/v5/iot/p1/device-group";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final GroupId G = new GroupId("g1");
    private static final RecordId RECORD = new RecordId("0123456789abcdef01234567");
    private static final String RULE = "status = 'ONLINE'";
    private static final DeviceGroup STATIC = group("g0", null);
    private static final DeviceGroup DYNAMIC = group(null, RULE);

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    private static DeviceGroup group(@Nullable String above, @Nullable String rule) {
        return new DeviceGroup(
                RECORD,
                PROJECT,
                new SpaceId("s1"),
                G,
                "Name",
                "about",
                above == null ? null : new GroupId(above),
                rule,
                Instant.EPOCH);
    }

    @Test
    void staticGroupIsAddedAndShown() {
        api.fake(_ -> new GroupView(STATIC));

        Api.Reply reply = api.post(
                ALL, "{\"name\":\"Name\",\"description\":\"about\",\"app_id\":\"s1\",\"super_group_id\":\"g0\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"group_id\":\"g1\",\"name\":\"Name\",\"description\":\"about\","
                        + "\"super_group_id\":\"g0\",\"group_type\":\"STATIC\"}");
        assertThat(api.asked(AddGroup.class))
                .isEqualTo(new AddGroup(PROJECT, new SpaceId("s1"), "Name", "about", new GroupId("g0"), null));
    }

    @Test
    void dynamicGroupIsAddedAndShown() {
        api.fake(_ -> new GroupView(DYNAMIC));

        Api.Reply reply =
                api.post(ALL, "{\"name\":\"Name\",\"group_type\":\"DYNAMIC\",\"dynamic_group_rule\":\"" + RULE + "\"}");

        assertThat(reply.text())
                .isEqualTo("{\"group_id\":\"g1\",\"name\":\"Name\",\"description\":\"about\","
                        + "\"group_type\":\"DYNAMIC\",\"dynamic_group_rule\":\"" + RULE + "\"}");
        assertThat(api.asked(AddGroup.class)).isEqualTo(new AddGroup(PROJECT, null, "Name", null, null, RULE));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{}, name",
                "`{\"name\":\"a/b\"}`, name",
                "`{\"name\":\"a\",\"description\":\"a/b\"}`, description",
                "`{\"name\":\"a\",\"group_type\":\"static\"}`, group_type",
                "`{\"name\":\"a\",\"group_type\":\"DYNAMIC\"}`, dynamic_group_rule",
                "`{\"name\":\"a\",\"group_type\":\"STATIC\",\"dynamic_group_rule\":\"x\"}`, dynamic_group_rule",
                "`{\"name\":\"a\",\"super_group_id\":\"a b\"}`, super_group_id"
            })
    void wrongFieldsAreRefused(String body, String field) {
        Api.Reply reply = api.post(ALL, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith(field + " ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void listHasFiltersAndNoRules() {
        api.fake(_ -> new GroupPage(List.of(DYNAMIC), 7));

        Api.Reply reply = api.get(ALL + "?group_type=DYNAMIC&name=Name&last_modified_time=20260102T030405Z&limit=3");

        assertThat(reply.text())
                .isEqualTo("{\"device_groups\":[{\"group_id\":\"g1\",\"name\":\"Name\",\"description\":\"about\","
                        + "\"group_type\":\"DYNAMIC\"}],\"page\":{\"count\":7,\"marker\":\"" + RECORD + "\"}}");
        assertThat(api.asked(ListGroups.class))
                .isEqualTo(new ListGroups(
                        PROJECT,
                        new Filter(null, true, "Name", Instant.parse("2026-01-02T03:04:05Z")),
                        new Page(3, RecordId.LAST, 0)));
    }

    @Test
    void changeAndDeletionNameTheGroup() {
        api.fake(q -> q instanceof DeleteGroup ? Done.DONE : new GroupView(STATIC));

        assertThat(api.put(ALL + "/g1", "{\"description\":\"about\"}").status()).isEqualTo(200);
        assertThat(api.delete(ALL + "/g1").status()).isEqualTo(204);

        assertThat(api.asked(UpdateGroup.class)).isEqualTo(new UpdateGroup(PROJECT, G, null, "about"));
        assertThat(api.asked(DeleteGroup.class)).isEqualTo(new DeleteGroup(PROJECT, G));
    }

    @Test
    void devicesArePutInAndTakenOut() {
        api.fake(_ -> Done.DONE);

        Api.Reply in = api.post(ALL + "/g1/action?action_id=addDevice&device_id=d1", "");
        Api.Reply out = api.post(ALL + "/g1/action?action_id=removeDevice&device_id=d1", "");
        Api.Reply other = api.post(ALL + "/g1/action?action_id=forgetDevice&device_id=d1", "");

        assertThat(List.of(in.status(), out.status(), other.status())).containsExactly(200, 200, 400);
        assertThat(api.asked(AddToGroup.class)).isEqualTo(new AddToGroup(PROJECT, G, new DeviceId("d1")));
        assertThat(api.asked(RemoveFromGroup.class)).isEqualTo(new RemoveFromGroup(PROJECT, G, new DeviceId("d1")));
    }

    @Test
    void devicesOfAGroupAreAPage() {
        GroupDevice device =
                new GroupDevice(RECORD, new DeviceId("d1"), new NodeName("n1"), null, new ProductId("prod"));
        api.fake(_ -> new GroupDevices(List.of(device), 9L));

        Api.Reply reply = api.get(ALL + "/g1/devices?offset=5");

        assertThat(reply.text())
                .isEqualTo("{\"devices\":[{\"device_id\":\"d1\",\"node_id\":\"n1\",\"product_id\":\"prod\"}],"
                        + "\"page\":{\"count\":9,\"marker\":\"" + RECORD + "\"}}");
        assertThat(api.asked(ListGroupDevices.class))
                .isEqualTo(new ListGroupDevices(PROJECT, G, new Page(10, RecordId.LAST, 5), true));
    }

    @Test
    void groupsOfADeviceAreAllOfThem() {
        api.fake(_ -> new Groups(List.of(STATIC, DYNAMIC)));

        Api.Reply reply = api.post("/v5/iot/p1/devices/d1/list-device-group", "");

        assertThat(reply.json().get("device_groups")).hasSize(2);
        assertThat(reply.json().has("page")).isFalse();
    }
}
