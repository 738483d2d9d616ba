// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.downlink.model.EventFormat;
import dev.downlink.model.Json;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FormatsTest {
    private static final String STATUS = """
        {"message_id": "m1", "name": "n", "topic": "$oc/devices/d1/sys/messages/down", "status": "DELIVERED", \
        "timestamp": "20260102T030405Z"}\
        """;
    private static final StoredEvent DELIVERED = Events.event(Subject.MESSAGE_STATUS, STATUS);

    @Test
    void documentedFormIsAnEnvelope() {
        assertThat(text(DELIVERED, EventFormat.DOCUMENTED)).isEqualTo("""
            {"resource":"device.message.status","event":"update","event_time":"20260102T030405Z",\
            "event_time_ms":"2026-01-02T03:04:05.678Z","request_id":"019b7ca9-8f2e-8003-8000-000000000007",\
            "notify_data":{"header":%s,"body":%s}}\
            """.formatted(Events.HEADER, STATUS));
        assertThat(content(DELIVERED, EventFormat.DOCUMENTED).type()).isEqualTo("application/json;charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource({
        "DEVICE_STATUS, true, true",
        "DEVICE_DELETED, true, false",
        "BATCH_TASK, false, true",
        "DEVICE_CREATED, false, true",
        "PRODUCT_DELETED, false, true"
    })
    void documentedFormHasThePartsThatTheCloudSends(Subject subject, boolean header, boolean body) {
        JsonNode data = json(Specimen.of(subject, Events.PROJECT), EventFormat.DOCUMENTED)
                .path("notify_data");

        assertThat(data.has("header")).isEqualTo(header);
        assertThat(data.has("body")).isEqualTo(body);
    }

    @Test
    void deviceThatIsGoneIsStillNamed() {
        StoredEvent orphan = new StoredEvent(
                1, 0, 0, Events.PROJECT, Events.D, Subject.MESSAGE_STATUS, Events.TIME, null, new Json(STATUS));

        assertThat(json(orphan, EventFormat.DOCUMENTED)
                        .at("/notify_data/header")
                        .toString())
                .isEqualTo("{\"device_id\":\"d1\"}");
        assertThat(json(orphan, EventFormat.FLAT_2021)
                        .at("/notify_data/device_id")
                        .asText())
                .isEqualTo("d1");
    }

    @Test
    void eventKeepsItsIdHoweverItIsWritten() {
        String id = EventId.of(DELIVERED);

        assertThat(json(DELIVERED, EventFormat.DOCUMENTED).path("request_id").asText())
                .isEqualTo(id);
        assertThat(json(DELIVERED, EventFormat.CLOUDEVENTS_STRUCTURED)
                        .path("id")
                        .asText())
                .isEqualTo(id);
        assertThat(content(DELIVERED, EventFormat.CLOUDEVENTS_BINARY).attributes())
                .containsEntry("id", id);
    }

    @Test
    void idsOfDifferentEventsDiffer() {
        List<String> ids = new ArrayList<>();
        for (long id : new long[] {0, 1, 4096, 1L << 40, (1L << 62) - 1}) {
            for (int action : new int[] {1, 2}) {
                ids.add(EventId.of(new StoredEvent(
                        id, 0, action, Events.PROJECT, Events.D, Subject.BATCH_TASK, Events.TIME, null, Json.NULL)));
            }
        }

        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> {
            java.util.UUID uuid = java.util.UUID.fromString(id);
            assertThat(uuid.version()).isEqualTo(8);
            assertThat(uuid.variant()).isEqualTo(2);
        });
    }

    @Test
    void messageOf2021IsFlat() {
        assertThat(text(DELIVERED, EventFormat.FLAT_2021)).isEqualTo("""
            {"resource":"device.message.status","event":"update","notify_data":{"message_id":"m1","name":"n",\
            "device_id":"d1","status":"DELIVERED","timestamp":"20260102T030405Z"}}\
            """);
    }

    @Test
    void presenceOf2021HasTheTimeOfTheChange() {
        StoredEvent online = new StoredEvent(
                1,
                0,
                0,
                Events.PROJECT,
                Events.D,
                Subject.DEVICE_STATUS,
                Events.TIME,
                new Json("{\"app_id\":\"s1\"}"),
                new Json("{\"status\":\"ONLINE\",\"status_update_time\":\"2026-01-02T03:04:01.000Z\"}"));

        assertThat(text(online, EventFormat.FLAT_2021)).isEqualTo("""
            {"resource":"device.status","event":"update","notify_data":{"app_id":"s1","device_id":"d1",\
            "status":"ONLINE","timestamp":"20260102T030401Z"}}\
            """);
    }

    @Test
    void batchTaskOf2021HasItsOldName() {
        StoredEvent task = Specimen.of(Subject.BATCH_TASK, Events.PROJECT);

        JsonNode flat = json(task, EventFormat.FLAT_2021);

        assertThat(flat.path("resource").asText()).isEqualTo("batchtask.status");
        assertThat(flat.path("notify_data")).isEqualTo(EventJson.read(task.body()));
    }

    @Test
    void whatWasNotThereIn2021IsTheBodyWithTheDevice() {
        StoredEvent report = Events.report("{\"services\": []}");

        assertThat(json(report, EventFormat.FLAT_2021).path("notify_data").toString())
                .isEqualTo("{\"device_id\":\"d1\",\"services\":[]}");
    }

    @Test
    void structuredCloudEventHasTheDocumentedData() {
        assertThat(text(DELIVERED, EventFormat.CLOUDEVENTS_STRUCTURED)).isEqualTo("""
            {"specversion":"1.0","id":"019b7ca9-8f2e-8003-8000-000000000007","source":"/downlink/projects/p1",\
            "type":"dev.downlink.device.message.status.update","subject":"d1","time":"2026-01-02T03:04:05.678Z",\
            "datacontenttype":"application/json","data":{"header":%s,"body":%s}}\
            """.formatted(Events.HEADER, STATUS));
        assertThat(content(DELIVERED, EventFormat.CLOUDEVENTS_STRUCTURED).type())
                .startsWith("application/cloudevents+json");
    }

    @Test
    void binaryCloudEventHasItsAttributesBeside() {
        Content content = content(DELIVERED, EventFormat.CLOUDEVENTS_BINARY);

        assertThat(content.type()).isEqualTo("application/json");
        assertThat(content.attributes())
                .containsEntry("specversion", "1.0")
                .containsEntry("type", "dev.downlink.device.message.status.update")
                .containsEntry("source", "/downlink/projects/p1")
                .containsEntry("subject", "d1")
                .containsEntry("time", "2026-01-02T03:04:05.678Z")
                .hasSize(6);
        assertThat(content.body().toString()).isEqualTo("{\"header\":" + Events.HEADER + ",\"body\":" + STATUS + "}");
    }

    @ParameterizedTest
    @CsvSource({"PRODUCT_DELETED, sample_product", "BATCH_TASK, sample_task", "DEVICE_DELETED, sample_device"})
    void cloudEventIsAboutWhatItNames(Subject subject, String id) {
        assertThat(CloudEvent.attributes(Specimen.of(subject, Events.PROJECT))).containsEntry("subject", id);
    }

    @Test
    void whatIsSelectedIsAllThatIsSent() {
        Json selected = new Json("{\"a\":1}");

        assertThat(Formats.write(DELIVERED, selected, EventFormat.DOCUMENTED)
                        .body()
                        .toString())
                .isEqualTo("{\"a\":1}");
        assertThat(Formats.write(DELIVERED, selected, EventFormat.FLAT_2021)
                        .body()
                        .toString())
                .isEqualTo("{\"a\":1}");
        assertThat(Formats.write(DELIVERED, selected, EventFormat.CLOUDEVENTS_BINARY)
                        .body()
                        .toString())
                .isEqualTo("{\"a\":1}");
        assertThat(Formats.write(DELIVERED, selected, EventFormat.CLOUDEVENTS_STRUCTURED)
                        .body()
                        .toJsonObject()
                        .getJsonObject("data")
                        .encode())
                .isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @EnumSource(Subject.class)
    void everySubjectHasASpecimenThatCanBeWritten(Subject subject) throws Exception {
        StoredEvent specimen = Specimen.of(subject, Events.PROJECT);

        for (EventFormat format : EventFormat.values()) {
            assertThat(new ObjectMapper()
                            .readTree(content(specimen, format).body().getBytes())
                            .isObject())
                    .isTrue();
        }
    }

    private static Content content(StoredEvent event, EventFormat format) {
        return Formats.write(event, null, format);
    }

    private static String text(StoredEvent event, EventFormat format) {
        return content(event, format).body().toString();
    }

    private static JsonNode json(StoredEvent event, EventFormat format) {
        return EventJson.read(text(event, format));
    }
}
