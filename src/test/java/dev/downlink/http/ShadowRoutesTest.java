// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Shadow;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.DeleteShadow;
import dev.downlink.protocol.ShadowRequest.DesiredChange;
import dev.downlink.protocol.ShadowRequest.ShowShadow;
import dev.downlink.protocol.ShadowRequest.UpdateDesired;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShadowRoutesTest {
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final DeviceId DEVICE = new DeviceId("d1");
    private static final String PATH = "/v5/iot/p1/devices/d1/shadow";
    private static final String BODY =
            "{\"shadow\":[{\"service_id\":\"WaterMeter\",\"desired\":{\"level\":1.50},\"version\":3}]}";

    private final Api api = new Api();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void shadowIsShownAsItIsKept() {
        Instant noon = Instant.parse("2026-01-01T12:00:00.9Z");
        Shadow.Part desired = new Shadow.Part(new Json("{\"level\": 1.50}"), noon);
        Shadow.Part reported = new Shadow.Part(new Json("{\"level\": 2}"), noon.plusSeconds(60));
        api.fake(_ -> new Shadow(
                DEVICE,
                List.of(
                        new Shadow.Service("WaterMeter", desired, reported, 4),
                        new Shadow.Service("Other", null, null, 0))));

        Api.Reply reply = api.get(PATH);

        assertThat(api.asked(ShowShadow.class)).isEqualTo(new ShowShadow(PROJECT, DEVICE));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"device_id\":\"d1\",\"shadow\":["
                        + "{\"service_id\":\"WaterMeter\","
                        + "\"desired\":{\"properties\":{\"level\": 1.50},\"event_time\":\"20260101T120000Z\"},"
                        + "\"reported\":{\"properties\":{\"level\": 2},\"event_time\":\"20260101T120100Z\"},"
                        + "\"version\":4},"
                        + "{\"service_id\":\"Other\",\"version\":0}]}");
    }

    @Test
    void changeHasAllThatWasSent() {
        api.fake(_ -> new Shadow(DEVICE, List.of()));

        Api.Reply reply = api.put(PATH, BODY);

        assertThat(reply.text()).isEqualTo("{\"device_id\":\"d1\",\"shadow\":[]}");
        assertThat(api.asked(UpdateDesired.class))
                .isEqualTo(new UpdateDesired(
                        PROJECT,
                        DEVICE,
                        List.of(new DesiredChange("WaterMeter", Map.of("level", new BigDecimal("1.50")), 3L))));
    }

    @Test
    void nullTakesAPropertyOutAndTheVersionMayBeLeftOut() {
        api.fake(_ -> new Shadow(DEVICE, List.of()));

        var _ = api.put(PATH, "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{\"level\":null},\"version\":null}]}");

        DesiredChange change = api.asked(UpdateDesired.class).services().getFirst();
        assertThat(change.properties()).containsEntry("level", null);
        assertThat(change.version()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | shadow",
                "{\"shadow\":[]} | shadow",
                "{\"shadow\":{}} | shadow",
                "{\"shadow\":[{\"desired\":{}}]} | shadow[0].service_id",
                "{\"shadow\":[{\"service_id\":\"s\"}]} | shadow[0].desired",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":[]}]} | shadow[0].desired",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{\"a.b\":1}}]} | shadow[0].desired.a.b",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{\"$a\":1}}]} | shadow[0].desired.$a",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{\"a\":\"\\u0000\"}}]} | shadow[0].desired.a",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{\"a\":1e999999999}}]} | shadow[0].desired.a",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{},\"version\":-1}]} | shadow[0].version",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{},\"version\":\"1\"}]} | shadow[0].version",
                "{\"shadow\":[{\"service_id\":\"s\",\"desired\":{},\"version\":1.5}]} | shadow[0].version"
            })
    void whatIsWrongIsNamedWithItsPlace(String body, String field) {
        Api.Reply reply = api.put(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000006");
        assertThat(reply.message()).startsWith(field + " ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void staleVersionIsAConflict() {
        api.fail(new Failure.ShadowChanged(DEVICE, "WaterMeter", 4));

        Api.Reply reply = api.put(PATH, BODY);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("IOTDA.900208");
        assertThat(reply.message()).contains("WaterMeter has version 4 now");
    }

    @Test
    void shadowIsDeletedWholeOrByService() {
        api.fake(_ -> Done.DONE);

        Api.Reply whole = api.delete(PATH);
        Api.Reply one = api.delete(PATH + "?service_id=WaterMeter");

        assertThat(whole.status()).isEqualTo(204);
        assertThat(one.status()).isEqualTo(204);
        assertThat(api.asked)
                .containsExactly(
                        new DeleteShadow(PROJECT, DEVICE, null), new DeleteShadow(PROJECT, DEVICE, "WaterMeter"));
    }
}
