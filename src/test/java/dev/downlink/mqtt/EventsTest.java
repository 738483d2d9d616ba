// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Answer;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.SubDevice;
import dev.downlink.model.Versions;
import dev.downlink.protocol.AdapterRequest.NotifyGateway;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SubDeviceRequest;
import dev.downlink.protocol.SubDeviceRequest.AddSubDevices;
import dev.downlink.protocol.SubDeviceRequest.Added;
import dev.downlink.protocol.SubDeviceRequest.Addition;
import dev.downlink.protocol.SubDeviceRequest.Change;
import dev.downlink.protocol.SubDeviceRequest.Changes;
import dev.downlink.protocol.SubDeviceRequest.DeleteSubDevices;
import dev.downlink.protocol.SubDeviceRequest.Draft;
import dev.downlink.protocol.SubDeviceRequest.FetchChanges;
import dev.downlink.protocol.SubDeviceRequest.Outcome;
import dev.downlink.protocol.SubDeviceRequest.Outcomes;
import dev.downlink.protocol.SubDeviceRequest.ReportStatuses;
import dev.downlink.protocol.SubDeviceRequest.ReportVersions;
import dev.downlink.protocol.SubDeviceRequest.Status;
import dev.downlink.protocol.UplinkRequest.ReportEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of devices (southbound §2.7). */
class EventsTest {
    private static final DeviceId GATEWAY = new DeviceId("d_1");
    private static final DeviceId CHILD = new DeviceId("child");
    private static final DeviceId OTHER = new DeviceId("other");
    private static final String UP = "$oc/devices/d_1/sys/events/up";
    private static final String DOWN = "$oc/devices/d_1/sys/events/down";

    private final Room room = new Room();
    private final List<SubDeviceRequest<?>> asked = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void neighbours() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
        room.neighbours.device("child", Neighbours.BY_SECRET, "d_1", false);
        room.neighbours.device("other", Neighbours.BY_SECRET, "d_2", false);
        room.neighbours.subDevices = this::registry;
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Answer<?> registry(SubDeviceRequest<?> request) {
        asked.add(request);
        return switch (request) {
            case ReportVersions q -> Answer.to(q, Done.DONE);
            case ReportStatuses q ->
                Answer.to(
                        q,
                        new Outcomes(q.statuses().stream()
                                .map(s -> outcome(s.device()))
                                .toList()));
            case DeleteSubDevices q ->
                Answer.to(
                        q,
                        new Outcomes(
                                q.devices().stream().map(EventsTest::outcome).toList()));
            case AddSubDevices q ->
                Answer.to(
                        q,
                        new Added(q.drafts().stream().map(EventsTest::addition).toList()));
            case FetchChanges q -> Answer.to(q, new Changes(List.of(), false));
        };
    }

    private static Outcome outcome(DeviceId device) {
        return new Outcome(device, device.equals(CHILD) ? null : new Failure.DeviceNotFound(device));
    }

    private static Addition addition(Draft draft) {
        return draft.node().value().equals("twice")
                ? new Addition(null, new Failure.DeviceExists(new DeviceId("twice")))
                : new Addition(subDevice("m_" + draft.node(), GATEWAY), null);
    }

    private static SubDevice subDevice(String id, DeviceId parent) {
        return new SubDevice(
                new DeviceId(id),
                parent,
                new NodeName("node"),
                new ProductId("m"),
                new SubDevice.Details(
                        "Name", null, new Versions(null, "1", null), DeviceStatus.INACTIVE, new Json("{\"a\":1.50}")));
    }

    // the envelope

    @Test
    void unknownEventIsAcknowledgedAndOffered() {
        RawClient device = login();

        device.send(Packet.publish(7, UP, """
            {"object_device_id":null,"more":[1,{"a":2}],"services":[{"service_id":"Smoke","event_type":"alarm","x":{},
            "event_time":"20260102T030405Z","event_id":"e-1","paras":{"where": [1.50, {"b":"}"}]}}]}
            """));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.uplinks)
                .containsExactly(new ReportEvent(
                        GATEWAY,
                        GATEWAY,
                        "Smoke",
                        "alarm",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        "e-1",
                        new Json("{\"where\": [1.50, {\"b\":\"}\"}]}")));
    }

    @Test
    void whatIsNullOrMissingIsNothing() {
        RawClient device = login();

        device.send(Packet.publish(7, UP, """
            {"services":[{"service_id":"$ota","event_type":"upgrade_progress_report","event_time":null,"event_id":null,\
            "paras":null},{"event_type":"b","service_id":"$time_sync","event_time":"yesterday"}]}\
            """));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.uplinks)
                .containsExactly(
                        new ReportEvent(
                                GATEWAY, GATEWAY, "$ota", "upgrade_progress_report", null, null, new Json("{}")),
                        new ReportEvent(GATEWAY, GATEWAY, "$time_sync", "b", null, null, new Json("{}")));
    }

    @Test
    void packedEventsAreUnpacked() {
        RawClient device = login();

        device.send(Packet.publish(2, 7, UP + "?encoding=gzip", gzip(event("s", "t", "{}"))));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.uplinks).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "text",
                "{} {}",
                "{\"services\":{}}",
                "{\"services\":[1]}",
                "{\"services\":[{\"event_type\":\"t\"}]}",
                "{\"services\":[{\"service_id\":\"s\"}]}",
                "{\"services\":[{\"service_id\":1,\"event_type\":\"t\"}]}",
                "{\"services\":[{\"service_id\":\"s\",\"event_type\":\"t\",\"paras\":[]}]}",
                "{\"object_device_id\":\"a b\",\"services\":[]}",
                "{\"services\":[{\"service_id\":\"$sub_device_manager\",\"event_type\":\"sub_device_update_status\"}]}",
                "{\"services\":[{\"service_id\":\"$sdk_info\",\"event_type\":\"sdk_info_report\",\"paras\":{\"sw_version\":1}}]}"
            })
    void malformedEventsAreDropped(String payload) {
        room.start();
        RawClient three = room.login("d_1");
        RawClient five = room.login(Packet.connect("d_2").mqtt5());

        three.send(Packet.publish(7, UP, payload));
        five.send(Packet.publish5(2, 8, "$oc/devices/d_2/sys/events/up", payload.getBytes(StandardCharsets.UTF_8)));

        assertThat(three.readHex()).isEqualTo("40020007");
        assertThat(five.readHex()).isEqualTo("4004000899" + "00");
        assertThat(room.neighbours.uplinks).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void moreThanAHundredEventsAreTooMany() {
        RawClient device = login();
        String one = "{\"service_id\":\"s\",\"event_type\":\"t\"}";

        device.send(
                Packet.publish(7, UP, "{\"services\":[" + (one + ",").repeat(100) + one + "]}"),
                Packet.publish(8, UP, "{\"services\":[" + (one + ",").repeat(99) + one + "]}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(device.readHex()).isEqualTo("40020008");
        assertThat(room.neighbours.uplinks).hasSize(100);
    }

    @Test
    void eventOfASubDeviceIsOfferedAsItsOwn() {
        RawClient device = login();

        device.send(Packet.publish(
                7,
                UP,
                "{\"object_device_id\":\"child\"," + event("s", "t", "{}").substring(1)));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.uplinks)
                .containsExactly(new ReportEvent(GATEWAY, CHILD, "s", "t", null, null, new Json("{}")));
    }

    @Test
    void deviceCannotSpeakForAnothersSubDevice() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());
        String payload =
                "{\"object_device_id\":\"other\"," + event("s", "t", "{}").substring(1);

        device.send(Packet.publish5(2, 7, UP, payload.getBytes(StandardCharsets.UTF_8)));

        assertThat(device.readHex()).isEqualTo("400400078700");
        assertThat(room.neighbours.uplinks).isEmpty();
    }

    @Test
    void eventThatCannotBeStoredIsNotCalledTaken() {
        room.start();
        room.neighbours.uplink = _ -> Future.failedFuture(new Failed(new Failure.StorageUnavailable()));
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.publish5(2, 7, UP, event("s", "t", "{}").getBytes(StandardCharsets.UTF_8)));

        assertThat(device.readHex()).isEqualTo("400400078300");
    }

    // of a device itself

    @Test
    void timeSyncIsAnswered() {
        RawClient device = login();

        device.send(Packet.publish(
                7,
                UP,
                "{\"services\":[{\"service_id\":\"$time_sync\",\"event_type\":\"time_sync_request\","
                        + "\"event_id\":\"e-1\",\"paras\":{\"device_send_time\":1767323045678}}]}"));

        assertThat(RawClient.hex(device.read()))
                .isEqualTo(RawClient.hex(Packet.publish(
                        1,
                        DOWN,
                        "{\"object_device_id\":\"d_1\",\"services\":[{\"service_id\":\"$time_sync\","
                                + "\"event_type\":\"time_sync_response\",\"event_time\":\"20261121T213000Z\","
                                + "\"event_id\":\"e-1\",\"paras\":{\"device_send_time\":1767323045678,"
                                + "\"server_recv_time\":1795296600000,\"server_send_time\":1795296600000}}]}")));
        assertThat(device.readHex()).isEqualTo("40020007");
    }

    @Test
    void answersGoWithTheQosOfTheSubscription() {
        RawClient device = login();
        device.send(Packet.subscribe(1, "$oc/devices/d_1/sys/events/down", 0));
        assertThat(device.readHex()).isEqualTo("9003000100");

        device.send(Packet.publish(7, UP, event("$time_sync", "time_sync_request", "{}")));

        assertThat(device.read()[0]).isEqualTo((byte) 0x30);
    }

    @ParameterizedTest
    @CsvSource({
        "$sdk_info, sdk_info_report, '{\"device_sdk_version\":\"JAVA_v1\",\"sw_version\":\"2\",\"fw_version\":null}',"
                + " JAVA_v1, 2,",
        "$ota, version_report, '{\"sw_version\":\"2\",\"fw_version\":\"3\"}',, 2, 3"
    })
    void versionsAreStored(String service, String type, String paras, String sdk, String software, String firmware) {
        RawClient device = login();

        device.send(Packet.publish(7, UP, event(service, type, paras)));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(asked).containsExactly(new ReportVersions(GATEWAY, GATEWAY, new Versions(sdk, software, firmware)));
    }

    @Test
    void reportWithoutAVersionIsNoReport() {
        RawClient device = login();

        device.send(Packet.publish(
                7, UP, event("$sdk_info", "sdk_info_report", "{\"sw_version\":null,\"fw_version\":null}")));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(asked).isEmpty();
    }

    // of a gateway

    @Test
    void statusesAreAnsweredOneByOne() {
        RawClient device = login();

        device.send(Packet.publish(7, UP, event("$sub_device_manager", "sub_device_update_status", """
            {"device_statuses":[{"device_id":"child","status":"ONLINE"},{"device_id":"other","status":"OFFLINE"},
            {"device_id":"child","status":"AWAY"},{"device_id":null,"status":"ONLINE"}]}\
            """)));

        JsonObject answer = answer(device, "sub_device_update_status_response");
        assertThat(asked)
                .containsExactly(
                        new ReportStatuses(GATEWAY, List.of(new Status(CHILD, true), new Status(OTHER, false))));
        assertThat(answer.getJsonArray("successful_devices"))
                .isEqualTo(JsonArray.of(JsonObject.of("device_id", "child", "status", "ONLINE")));
        assertThat(answer.getJsonArray("failed_devices"))
                .isEqualTo(JsonArray.of(
                        failed("device_id", "child", "IOTDA.000006", "status must be ONLINE or OFFLINE."),
                        failed("device_id", null, "IOTDA.000006", "device_id is mandatory."),
                        failed("device_id", "other", "IOTDA.014000", "The device other does not exist.")));
        assertThat(device.readHex()).isEqualTo("40020007");
    }

    @Test
    void whenNothingCanBeStoredAllHaveFailed() {
        RawClient device = login();
        room.neighbours.subDevices = _ -> {
            throw new Failed(new Failure.StorageUnavailable());
        };

        device.send(Packet.publish(7, UP, event("$sub_device_manager", "sub_device_update_status", """
            {"device_statuses":[{"device_id":"child","status":"ONLINE"}]}\
            """)));

        JsonObject answer = answer(device, "sub_device_update_status_response");
        assertThat(answer.getJsonArray("successful_devices")).isEmpty();
        assertThat(answer.getJsonArray("failed_devices").getJsonObject(0).getString("error_code"))
                .isEqualTo("IOTDA.900304");
    }

    @Test
    void subDevicesAreAddedByTheirGateway() {
        RawClient device = login();

        device.send(Packet.publish(7, UP, event("$sub_device_manager", "add_sub_device_request", """
            {"devices":[{"parent_device_id":null,"node_id":"n1","device_id":null,"name":"Name","description":null,
            "product_id":"m","extension_info":{"a": 1}},{"node_id":"twice","product_id":"m","parent_device_id":"child"},
            {"node_id":"a b","product_id":"m"},{"node_id":"n2","product_id":"m","extension_info":"text"}]}\
            """)));

        JsonObject answer = answer(device, "add_sub_device_response");
        assertThat(asked)
                .containsExactly(new AddSubDevices(
                        GATEWAY,
                        List.of(
                                new Draft(
                                        null,
                                        new NodeName("n1"),
                                        null,
                                        "Name",
                                        null,
                                        new ProductId("m"),
                                        new Json("{\"a\":1}")),
                                new Draft(CHILD, new NodeName("twice"), null, null, null, new ProductId("m"), null))));
        assertThat(answer.getJsonArray("successful_devices"))
                .isEqualTo(JsonArray.of(JsonObject.of(
                                "parent_device_id", "d_1", "node_id", "node", "device_id", "m_n1", "product_id", "m")
                        .put("name", "Name")
                        .put("sw_version", "1")
                        .put("status", "INACTIVE")
                        .put("extension_info", JsonObject.of("a", 1.5))));
        assertThat(answer.getJsonArray("failed_devices").stream()
                        .map(one -> ((JsonObject) one).getString("node_id"))
                        .toList())
                .isEqualTo(List.of("a b", "n2", "twice"));
    }

    @Test
    void subDevicesAreDeletedByTheirGateway() {
        RawClient device = login();

        device.send(Packet.publish(
                7,
                UP,
                event("$sub_device_manager", "delete_sub_device_request", "{\"devices\":[\"child\",\"other\"]}")));

        JsonObject answer = answer(device, "delete_sub_device_response");
        assertThat(asked).containsExactly(new DeleteSubDevices(GATEWAY, List.of(CHILD, OTHER)));
        assertThat(answer.getJsonArray("successful_devices")).isEqualTo(JsonArray.of("child"));
        assertThat(answer.getJsonArray("failed_devices"))
                .isEqualTo(
                        JsonArray.of(failed("device_id", "other", "IOTDA.014000", "The device other does not exist.")));
    }

    @Test
    void eventsAreDealtWithInTheirOrder() {
        RawClient device = login();
        Promise<Done> first = Promise.promise();
        room.neighbours.subDevices = q -> {
            asked.add(q);
            return Answer.to(
                    (ReportVersions) q, asked.size() == 1 ? first.future() : Future.succeededFuture(Done.DONE));
        };

        device.send(
                Packet.publish(7, UP, event("$ota", "version_report", "{\"sw_version\":\"1\"}")),
                Packet.publish(8, UP, event("$ota", "version_report", "{\"sw_version\":\"2\"}")));
        assertThat(device.isAlive()).isTrue();
        assertThat(asked).hasSize(1);
        first.complete(Done.DONE);

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(device.readHex()).isEqualTo("40020008");
        assertThat(asked).hasSize(2);
    }

    // the list of sub-devices

    @ParameterizedTest
    @ValueSource(strings = {"$sub_device_manager", "sub_device_manager"})
    void gatewayThatAsksGetsWhatChanged(String service) {
        RawClient device = login();
        changes(
                new Change(101, subDevice("m_a", GATEWAY)),
                new Change(102, subDevice("m_b", CHILD)),
                new Change(103, gone("m_c")),
                new Change(104, subDevice("m_d", GATEWAY)));

        device.send(quiet(event(service, "sub_device_sync_request", "{\"version\":100}")));

        assertThat(news(device)).isEqualTo("add_sub_device_notify 102 [m_a, m_b]");
        assertThat(news(device)).isEqualTo("delete_sub_device_notify 103 [m_c]");
        assertThat(news(device)).isEqualTo("add_sub_device_notify 104 [m_d]");
        assertThat(asked).containsExactly(new FetchChanges(GATEWAY, 100, true, 100));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void longListComesInPagesThatAreNotTooLarge() {
        RawClient device = login();
        Change[] all = LongStream.rangeClosed(1, 250)
                .mapToObj(i -> new Change(i, subDevice("m_" + i, GATEWAY)))
                .toArray(Change[]::new);
        changes(all);

        device.send(quiet(event("$sub_device_manager", "sub_device_sync_request", "{}")));

        assertThat(news(device)).startsWith("add_sub_device_notify 100 [m_1,");
        assertThat(news(device)).startsWith("add_sub_device_notify 200 [m_101,");
        assertThat(news(device)).startsWith("add_sub_device_notify 250 [m_201,");
        assertThat(asked.stream().map(q -> ((FetchChanges) q).asked()).toList()).isEqualTo(List.of(true, false, false));
    }

    @Test
    void connectedGatewayIsToldOfAChangeAtOnceAndOnlyOnce() {
        RawClient device = login();
        long now = Room.NOW.getEpochSecond();
        changes(new Change(now, subDevice("m_a", GATEWAY)), new Change(now + 1, gone("m_b")));

        var _ = room.ask(new NotifyGateway(GATEWAY, false)).await();
        var _ = room.ask(new NotifyGateway(GATEWAY, true)).await();

        assertThat(news(device)).isEqualTo("add_sub_device_notify " + now + " [m_a]");
        assertThat(news(device)).isEqualTo("delete_sub_device_notify " + (now + 1) + " [m_b]");
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void gatewayThatIsNotHereCannotBeTold() {
        room.start();

        Throwable e = org.assertj.core.api.Assertions.catchThrowable(
                () -> room.ask(new NotifyGateway(GATEWAY, false)).await());

        assertThat(((Failed) e).failure()).isEqualTo(new Failure.NotHere(GATEWAY));
    }

    private void changes(Change... all) {
        room.neighbours.subDevices = q -> {
            asked.add(q);
            FetchChanges fetch = (FetchChanges) q;
            List<Change> found = Arrays.stream(all)
                    .filter(change -> change.version() > fetch.after())
                    .limit(fetch.limit())
                    .toList();
            return Answer.to(fetch, new Changes(found, found.size() == fetch.limit()));
        };
    }

    private static SubDevice gone(String id) {
        return new SubDevice(new DeviceId(id), GATEWAY, new NodeName("node"), new ProductId("m"), null);
    }

    /** With QoS 0, so that no PUBACK comes between. */
    private static byte[] quiet(String payload) {
        return Packet.publish(0, 0, UP, payload.getBytes(StandardCharsets.UTF_8));
    }

    private RawClient login() {
        room.start();
        return room.login("d_1");
    }

    private static String event(String service, String type, String paras) {
        return "{\"services\":[{\"service_id\":\"" + service + "\",\"event_type\":\"" + type + "\",\"paras\":" + paras
                + "}]}";
    }

    private static JsonObject failed(String key, String id, String code, String text) {
        return JsonObject.of(key, id, "error_code", code, "error_msg", text);
    }

    private static String news(RawClient device) {
        JsonObject event = down(device);
        JsonObject paras = event.getJsonObject("paras");
        List<String> devices = paras.getJsonArray("devices").stream()
                .map(one -> ((JsonObject) one).getString("device_id"))
                .toList();
        return event.getString("event_type") + " " + paras.getLong("version") + " " + devices;
    }

    private static JsonObject answer(RawClient device, String type) {
        JsonObject event = down(device);
        assertThat(event.getString("event_type")).isEqualTo(type);
        assertThat(event.getString("service_id")).isEqualTo("$sub_device_manager");
        assertThat(event.getString("event_id")).isNotEmpty();
        return event.getJsonObject("paras");
    }

    /** The one event of the next packet, which is acknowledged. */
    private static JsonObject down(RawClient device) {
        byte[] packet = device.read();
        String text = new String(packet, StandardCharsets.UTF_8);
        assertThat(text).contains(DOWN);
        int id = text.indexOf(DOWN) + DOWN.length();
        byte[] bytes = packet;
        int offset = bytes.length - text.substring(id).getBytes(StandardCharsets.UTF_8).length;
        device.send(Packet.pubAck(((bytes[offset] & 255) << 8) | (bytes[offset + 1] & 255)));
        return new JsonObject(text.substring(text.indexOf('{')))
                .getJsonArray("services")
                .getJsonObject(0);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
