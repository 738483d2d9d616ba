// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceFilter;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceSearch;
import dev.downlink.model.GroupId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Tag;
import dev.downlink.protocol.DeviceRequest.FoundDevice;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.SearchRows.CountDevices;
import dev.downlink.protocol.SearchRows.DynamicGroup;
import dev.downlink.protocol.SearchRows.FindDevices;
import dev.downlink.protocol.SearchRows.Wanted;
import dev.downlink.protocol.SessionRows.Beat;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.TagRows.InsertTags;
import dev.downlink.support.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchIT {
    private static final Secret URI = TestDatabase.fresh();
    private static final String G1 = "g1";

    private static Room room;

    /** Oldest first: pump-a, pump-b, valve-a with a child valve-c, and bare. */
    @BeforeAll
    static void fill() {
        room = Room.furnished(URI);
        room.ask(new ProductRows.InsertProduct(Room.product("other"), 100));
        room.ask(new Beat(1, "one"));
        for (String id : List.of("pump-a", "pump-b", "valve-a")) {
            room.insert(Room.device(id));
        }
        room.insert(Room.device("valve-c", "valve-a", 0));
        room.insert(Room.device("bare"));
        execute("UPDATE device SET name = NULL WHERE device_id = 'bare'");
        execute("UPDATE device SET product = (SELECT record_id FROM product WHERE product_id = 'other')"
                + " WHERE device_id = 'bare'");
        execute("UPDATE device SET created = created + interval '1 hour 0.1239 seconds' WHERE device_id LIKE 'valve%'");
        execute("UPDATE device SET frozen = true WHERE device_id = 'pump-b'");
        room.ask(new OpenSession(new DeviceId("pump-a"), 1, "mqtt/1", true, 0));
        execute("INSERT INTO device_report (device_id, sw_version, fw_version) VALUES ('pump-a', 'v1', 'f1'),"
                + " ('pump-b', NULL, 'f1')");
        tag("pump-a", "street", "Long");
        tag("pump-a", "floor", "3");
        tag("pump-b", "street", "3");
        tag("valve-a", "strand", "Longer");
        execute("INSERT INTO device_group VALUES ('" + G1 + "', 'r', 'p1', 's1', 'g', NULL, NULL, NULL, now(), now())");
        execute("INSERT INTO device_group_member SELECT 'g1', record_id, device_id FROM device"
                + " WHERE device_id IN ('pump-a', 'valve-c')");
    }

    private static void execute(String sql) {
        TestDatabase.execute(URI, sql);
    }

    private static void tag(String device, String key, String value) {
        room.ask(new InsertTags(Room.PROJECT, new DeviceId(device), List.of(new Tag(key, value)), 10));
    }

    @AfterAll
    static void close() {
        room.close();
    }

    private static String find(Wanted wanted, boolean oldestFirst, Page page) {
        List<FoundDevice> found = room.ask(new FindDevices(Room.PROJECT, wanted, oldestFirst, page))
                .devices();
        return String.join(
                " ",
                found.stream()
                        .map(device -> device.view().device().id().value())
                        .toList());
    }

    private static String find(String where) {
        return find(wanted(where), true, new Page(50, RecordId.LAST, 0));
    }

    private static Wanted wanted(String where) {
        DeviceFilter filter =
                DeviceSearch.parse("select * from device where " + where).filter();
        return new Wanted(filter, null, null, List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "device_id = 'pump-a' | pump-a",
                "device_id in ('bare', 'pump-b', 'nobody') | pump-b bare",
                "device_id not in ('pump-a', 'pump-b') | valve-a valve-c bare",
                "device_id != 'bare' | pump-a pump-b valve-a valve-c",
                "app_id = 's1' and device_id != 'bare' | pump-a pump-b valve-a valve-c",
                "app_id != 's1' | ",
                "product_id = 'other' | bare",
                "product_id != 'meter' | bare",
                "product_id in ('other', 'meter') and node_id = 'node-bare' | bare",
                "gateway_id = 'valve-a' | valve-a valve-c",
                "gateway_id = 'valve-c' | ",
                "gateway_id not in ('valve-a', 'bare') | pump-a pump-b",
                "node_type = 'ENDPOINT' | valve-c",
                "node_type = 'GATEWAY' and device_id != 'bare' | pump-a pump-b valve-a",
                "device_name = 'name-pump-a' | pump-a",
                "device_name != 'name-pump-a' | pump-b valve-a valve-c bare",
                "device_name not in ('name-pump-a', 'name-pump-b') | valve-a valve-c bare",
                "device_name like 'name-p%' | pump-a pump-b",
                "node_id like 'node-valve-%' | valve-a valve-c",
                "node_id like 'ode-v%' | ",
                "status = 'ONLINE' | pump-a",
                "status in ('FROZEN', 'ABNORMAL') | pump-b",
                "status = 'INACTIVE' | valve-a valve-c bare",
                "status != 'INACTIVE' | pump-a pump-b",
                "tag_key = 'street' | pump-a pump-b",
                "tag_key = 'street' and tag_value = 'Long' | pump-a",
                "tag_value = 'Long' and tag_key = 'street' | pump-a",
                "tag_key = 'street' and tag_value = '3' | pump-b",
                "tag_key = 'floor' and tag_value = '3' and tag_key = 'street' and tag_value = 'Long' | pump-a",
                "tag_value = '3' | pump-a pump-b",
                "tag_key like 'stra%' | valve-a",
                "tag_key like 'stre%' and tag_value like 'Long%' | pump-a",
                "tag_key != 'street' | valve-a valve-c bare",
                "tag_key = 'street' and tag_value != '3' | ",
                "group_id = 'g1' | pump-a valve-c",
                "group_id != 'g1' | pump-b valve-a bare",
                "group_id in ('g1', 'g2') and status = 'ONLINE' | pump-a",
                "sw_version = 'v1' | pump-a",
                "sw_version in ('v0', 'v1') and fw_version = 'f1' | pump-a",
                "fw_version = 'f1' | pump-a pump-b",
                "sw_version != 'v1' | pump-b valve-a valve-c bare",
                "fw_version != 'v1' and device_id = 'bare' | bare",
                "create_time = '2025-01-01T00:00:00.000Z' | pump-a pump-b bare",
                "create_time > '2025-01-01T00:00:00.000Z' | valve-a valve-c",
                "create_time = '2025-01-01T01:00:00.123Z' | valve-a valve-c",
                "create_time > '2025-01-01T01:00:00.123Z' | ",
                "create_time >= '2025-01-01T01:00:00.123Z' | valve-a valve-c",
                "create_time <= '2025-01-01T01:00:00.122Z' | pump-a pump-b bare",
                "create_time < '2025-01-01T00:00:00.000Z' | ",
                "create_time in ('2025-01-01T01:00:00.123Z') and node_id = 'node-valve-a' | valve-a",
                "marker > '000000000000000000000000' and marker <= 'FFFFFFFFFFFFFFFFFFFFFFFF' and tag_key = 'floor' |"
                        + " pump-a",
                "marker < '000000000000000000000000' | ",
                "device_id = 'bare' or tag_key = 'floor' and status = 'ONLINE' or status = 'FROZEN' | pump-a pump-b"
                        + " bare",
                "device_id = '''; DROP TABLE device; --' or device_id = 'bare' | bare",
            })
    void conditionsMeanWhatTheySay(String where, String devices) {
        String expected = devices == null ? "" : devices;

        assertThat(find(where)).isEqualTo(expected);
        assertThat(room.ask(new CountDevices(Room.PROJECT, wanted(where))).count())
                .isEqualTo(expected.isEmpty() ? 0 : expected.split(" ").length);
    }

    @Test
    void pagesAreInTheOrderOfTheMarker() {
        Wanted all = new Wanted(DeviceFilter.ALL, null, null, List.of());

        assertThat(find(all, false, new Page(2, RecordId.LAST, 0))).isEqualTo("bare valve-c");
        assertThat(find(all, false, new Page(2, RecordId.LAST, 3))).isEqualTo("pump-b pump-a");
        assertThat(find(all, true, new Page(2, RecordId.LAST, 1))).isEqualTo("pump-b valve-a");
        assertThat(find(all, true, new Page(2, RecordId.LAST, 5))).isEmpty();
        assertThat(room.ask(new CountDevices(Room.PROJECT, all)).count()).isEqualTo(5);
    }

    @Test
    void aFoundDeviceHasItsTagsAndGroups() {
        FoundDevice found = room.ask(new FindDevices(Room.PROJECT, wanted("device_id = 'pump-a'"), false, Page.FIRST))
                .devices()
                .getFirst();

        assertThat(found.groups()).containsExactly(new GroupId(G1));
        assertThat(found.view().tags()).containsExactly(new Tag("floor", "3"), new Tag("street", "Long"));
    }

    @Test
    void dynamicGroupIsItsRule() {
        DynamicGroup group = new DynamicGroup(
                new GroupId("g2"), Room.SPACE, DeviceFilter.parse("tag_key = 'strand' or status = 'FROZEN'"));
        Wanted in = new Wanted(wanted("group_id in ('g1', 'g2')").filter(), null, null, List.of(group));
        Wanted out = new Wanted(wanted("group_id != 'g2'").filter(), null, null, List.of(group));
        Page page = new Page(50, RecordId.LAST, 0);

        assertThat(find(in, true, page)).isEqualTo("pump-a pump-b valve-a valve-c");
        assertThat(find(out, true, page)).isEqualTo("pump-a valve-c bare");
    }

    @Test
    void spaceAndDeviceNarrowASearch() {
        DeviceFilter filter = wanted("tag_key = 'street' or tag_key = 'strand'").filter();
        Page page = new Page(50, RecordId.LAST, 0);

        assertThat(find(new Wanted(filter, new SpaceId("s2"), null, List.of()), true, page))
                .isEmpty();
        assertThat(find(new Wanted(filter, Room.SPACE, new DeviceId("valve-a"), List.of()), true, page))
                .isEqualTo("valve-a");
        assertThat(find(new Wanted(filter, Room.SPACE, new DeviceId("bare"), List.of()), true, page))
                .isEmpty();
    }

    @Test
    void anotherProjectsDevicesAreNotFound() {
        var other = new FindDevices(new ProjectId("p2"), wanted("device_id != 'x'"), false, Page.FIRST);

        assertThat(room.ask(other).devices()).isEmpty();
    }
}
