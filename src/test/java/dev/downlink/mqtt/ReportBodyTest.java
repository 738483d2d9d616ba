// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.ServiceReport;
import dev.downlink.support.Samples;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportBodyTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");

    @Test
    void valuesAreReadAsTheyAre() throws IOException {
        String object = new JsonObject(Samples.jsonObject()).encode();

        ReportBody body = own("{\"services\":[{\"service_id\":\"Water\",\"properties\":" + object + "}]}");

        ServiceReport service = body.reports().getFirst().services().getFirst();
        assertThat(service.properties()).isEqualTo(Samples.jsonObject());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"20251212T080000Z\"', 2025-12-12T08:00:00Z",
        "'\"2025-12-12T08:00:00.005Z\"', 2025-12-12T08:00:00.005Z",
        "null, ",
        "'\"\"', ",
        "'\"2025-12-12T08:00:00Z\"', ",
        "'\"yesterday\"', ",
        "1765526400000, ",
        "'{\"a\":[1]}', "
    })
    void timeIsReadInBothFormatsAndElseLeftToThePlatform(String written, Instant read) throws IOException {
        ReportBody body = own("{\"services\":[{\"event_time\":" + written
                + ",\"service_id\":\"Water\",\"properties\":{\"level\":7}}]}");

        assertThat(body.reports())
                .containsExactly(
                        new DeviceReport(DEVICE, List.of(new ServiceReport("Water", Map.of("level", 7), read))));
    }

    @Test
    void servicesKeepTheirOrderAndMayComeTwice() throws IOException {
        ReportBody body = own("""
            {"services":[{"service_id":"B","properties":{"x":1}},
                {"service_id":"A","properties":{"x":2}},{"service_id":"B","properties":{"x":3}}]}\
            """);

        assertThat(body.reports().getFirst().services())
                .containsExactly(
                        new ServiceReport("B", Map.of("x", 1), null),
                        new ServiceReport("A", Map.of("x", 2), null),
                        new ServiceReport("B", Map.of("x", 3), null));
    }

    @Test
    void unknownKeysAreIgnored() throws IOException {
        ReportBody body = own("""
            {"a":{"services":[]},"services":[{"b":[{"c":null}],"service_id":"Water","properties":{"level":7},"d":1}],
                "devices":[{"device_id":"x"}],"object_device_id":null}\
            """);

        assertThat(body.reports())
                .containsExactly(
                        new DeviceReport(DEVICE, List.of(new ServiceReport("Water", Map.of("level", 7), null))));
        assertThat(body.nameless()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"services\":null}",
                "{\"services\":[]}",
                "{\"services\":[{\"service_id\":\"Water\"}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":null,\"event_time\":null}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{}}]}"
            })
    void whatIsNullOrMissingIsNotReported(String payload) throws IOException {
        ReportBody body = own(payload);

        assertThat(body.reports()).isEmpty();
        assertThat(body.nameless()).isZero();
    }

    @Test
    void nullIsAValue() throws IOException {
        ReportBody body = own("{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":null}}]}");

        assertThat(body.reports().getFirst().services().getFirst().properties())
                .isEqualTo(Collections.singletonMap("level", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "7", "[\"Water\"]"})
    void serviceWithoutAnIdIsLeftOutAndTheOthersGoOn(String id) throws IOException {
        ReportBody body = own("{\"services\":[{\"service_id\":" + id
                + ",\"properties\":{\"level\":1}},{\"service_id\":\"Water\",\"properties\":{\"level\":7}}]}");

        assertThat(body.reports().getFirst().services())
                .containsExactly(new ServiceReport("Water", Map.of("level", 7), null));
        assertThat(body.nameless()).isEqualTo(1);
    }

    @Test
    void deviceWithoutAnIdIsLeftOutAndTheOthersGoOn() throws IOException {
        String services = "\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":7}}]";

        ReportBody body = subDevices("{\"devices\":[{" + services + "},{\"device_id\":\"no id\"," + services
                + "},{\"device_id\":null," + services + "},{\"device_id\":\"c_1\"," + services + "}]}");

        assertThat(body.reports())
                .containsExactly(new DeviceReport(
                        new DeviceId("c_1"), List.of(new ServiceReport("Water", Map.of("level", 7), null))));
        assertThat(body.nameless()).isEqualTo(3);
    }

    @Test
    void theTwoReportsAreNotMixedUp() throws IOException {
        assertThat(subDevices("{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":7}}]}")
                        .reports())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "hello",
                "{",
                "{\"services\":[}",
                "{\"services\":[{]}",
                "{\"services\":{}}",
                "{\"services\":\"none\"}",
                "{\"services\":[null]}",
                "{\"services\":[[]]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":[]}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":\"x\"}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":NaN}}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":1e999999999}}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":\"\\u0000\"}}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":\"\\ud800\"}}]}",
                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"\\u0000\":1}}]}",
                "{\"services\":[]} {}",
                "{\"services\":[]}]"
            })
    void whatIsNoReportIsRefusedAsAWhole(String payload) {
        assertThatThrownBy(() -> own(payload)).isInstanceOf(IOException.class);
    }

    @Test
    void brokenUtf8IsRefused() {
        byte[] payload = "{\"services\":[{\"service_id\":\"Wäter\"}]}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> ReportBody.ofDevice(DEVICE, payload)).isInstanceOf(IOException.class);
    }

    @Test
    void nestingHasABound() {
        String deep = "[".repeat(40) + "]".repeat(40);

        assertThatThrownBy(() ->
                        own("{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":" + deep + "}}]}"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void thereMayBeAHundredDevicesInAReport() throws IOException {
        assertThat(subDevices(devices(100)).reports()).hasSize(100);
        assertThatThrownBy(() -> subDevices(devices(101))).isInstanceOf(IOException.class);
    }

    @Test
    void thereMayBeAThousandServicesInAReport() throws IOException {
        assertThat(own(services(1000)).reports().getFirst().services()).hasSize(1000);
        assertThatThrownBy(() -> own(services(1001))).isInstanceOf(IOException.class);
    }

    @Test
    void noCutReportIsTaken() {
        String whole = "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"a\":[1,{\"b\":\"c\"}]},"
                + "\"event_time\":\"20251212T080000Z\"}]}";
        List<String> cut = Stream.iterate(0, i -> i < whole.length(), i -> i + 1)
                .map(i -> whole.substring(0, i))
                .toList();

        assertThat(cut)
                .allSatisfy(payload -> assertThatThrownBy(() -> own(payload)).isInstanceOf(IOException.class));
    }

    private static String devices(int count) {
        return Stream.iterate(0, i -> i < count, i -> i + 1)
                .map(i -> "{\"device_id\":\"c_" + i
                        + "\",\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":7}}]}")
                .collect(Collectors.joining(",", "{\"devices\":[", "]}"));
    }

    private static String services(int count) {
        String[] services = new String[count];
        Arrays.fill(services, "{\"service_id\":\"Water\",\"properties\":{\"level\":7}}");
        return "{\"services\":[" + String.join(",", services) + "]}";
    }

    private static ReportBody own(String payload) throws IOException {
        return ReportBody.ofDevice(DEVICE, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static ReportBody subDevices(String payload) throws IOException {
        return ReportBody.ofSubDevices(payload.getBytes(StandardCharsets.UTF_8));
    }
}
