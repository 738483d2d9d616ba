// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    private static final DeviceId DEVICE = new DeviceId("meter_1");

    @Test
    void commandTopicCarriesTheRequestId() {
        RequestId id = RequestId.next(1, 2);

        assertThat(Topics.call(DEVICE, CallKind.COMMAND, id))
                .isEqualTo("$oc/devices/meter_1/sys/commands/request_id=" + id);
    }

    @ParameterizedTest
    @CsvSource({
        "sys/commands/response/request_id=7, COMMAND",
        "sys/properties/set/response/request_id=7, PROPERTIES_SET",
        "sys/properties/get/response/request_id=7, PROPERTIES_GET"
    })
    void answerIsToldFromItsTopic(String rest, CallKind kind) {
        assertThat(uplink(rest)).isEqualTo(new Uplink.Answer(kind, "7", false));
    }

    @ParameterizedTest
    @CsvSource({
        "sys/messages/up, MESSAGE",
        "sys/properties/report, PROPERTIES",
        "sys/gateway/sub_devices/properties/report, SUB_DEVICE_PROPERTIES",
        "sys/events/up, EVENTS"
    })
    void reportIsToldFromItsTopic(String rest, Uplink.Report.Kind kind) {
        assertThat(uplink(rest)).isEqualTo(new Uplink.Report(kind, false));
        assertThat(uplink(rest + "?encoding=gzip")).isEqualTo(new Uplink.Report(kind, true));
    }

    @Test
    void queryPartOfAMessageIsCutOff() {
        assertThat(uplink("sys/messages/up?request_id=1"))
                .isEqualTo(new Uplink.Report(Uplink.Report.Kind.MESSAGE, false));
    }

    @Test
    void customTopicIsToldBySuffix() {
        assertThat(uplink("user/a/b")).isEqualTo(new Uplink.Custom("a/b"));
    }

    @Test
    void topicOutsideTheSystemIsFree() {
        assertThat(Topics.uplink(DEVICE, "/test/x?y")).isEqualTo(new Uplink.Free("/test/x?y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$oc/devices/meter_2/sys/messages/up",
                "$oc/devices/meter_10/sys/messages/up",
                "$oc/devices/meter_1",
                "$oc/devices/meter_1/",
                "$oc/broadcast/x"
            })
    void topicOfSomebodyElseIsForeign(String topic) {
        assertThat(Topics.uplink(DEVICE, topic)).isEqualTo(new Uplink.Foreign());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sys/nothing", "sys/commands/request_id=7", "events/up"})
    void unknownTopicBelowTheOwnPrefixIsUnknown(String rest) {
        assertThat(uplink(rest)).isEqualTo(new Uplink.Unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$oc/devices/meter_1/#",
                "$oc/devices/meter_1/sys/commands/#",
                "$oc/devices/meter_1/user/x",
                "$oc/broadcast/#",
                "#",
                "+/a",
                "/test/x"
            })
    void ownFilterMayBeSubscribed(String filter) {
        assertThat(Topics.maySubscribe(DEVICE, filter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$oc/devices/+/sys/commands/#",
                "$oc/devices/meter_2/sys/commands/#",
                "$oc/devices/meter_10/#",
                "$oc/#",
                "$oc/devices/#",
                "$SYS/#",
                "$share/g/x"
            })
    void filterThatReachesOthersMayNot(String filter) {
        assertThat(Topics.maySubscribe(DEVICE, filter)).isFalse();
    }

    private static Uplink uplink(String rest) {
        return Topics.uplink(DEVICE, "$oc/devices/meter_1/" + rest);
    }
}
