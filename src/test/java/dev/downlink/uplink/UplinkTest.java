// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import static dev.downlink.uplink.Room.CHILD;
import static dev.downlink.uplink.Room.GATEWAY;
import static dev.downlink.uplink.Room.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.Json;
import dev.downlink.model.ServiceReport;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.OutboxRows.OfferEvent;
import dev.downlink.protocol.UplinkRequest;
import dev.downlink.protocol.UplinkRequest.ReportEvent;
import dev.downlink.protocol.UplinkRequest.ReportMessage;
import dev.downlink.protocol.UplinkRequest.ReportProperties;
import dev.downlink.support.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UplinkTest {
    private static final Instant MORNING = Instant.parse("2025-12-12T08:00:00Z");

    private final Room room = new Room();

    @AfterEach
    void close() {
        room.close();
    }

    // ---- properties

    @Test
    void propertiesGoToTheShadow() {
        tell(report(GATEWAY, "Water", Map.of("level", 7), MORNING));

        assertThat(room.shadow).containsExactly(report(GATEWAY, "Water", Map.of("level", 7), MORNING));
    }

    @Test
    void aServiceWithoutATimeHasThatOfItsReception() {
        tell(report(GATEWAY, "Water", Map.of("level", 7), null));

        assertThat(room.shadow).containsExactly(report(GATEWAY, "Water", Map.of("level", 7), Room.NOW));
    }

    @Test
    void valuesAreNotChecked() {
        Map<String, Object> values = new HashMap<>();
        values.put("level", "much too high");
        values.put("unit", null);

        tell(report(GATEWAY, "Water", values, MORNING));

        assertThat(room.shadow).containsExactly(report(GATEWAY, "Water", values, MORNING));
    }

    @Test
    void whatTheModelDoesNotHaveDoesNotReachTheShadow() {
        tell(new DeviceReport(
                GATEWAY,
                List.of(
                        new ServiceReport("Fire", Map.of("level", 1), MORNING),
                        new ServiceReport("Water", Map.of("depth", 2, "level", 3), MORNING),
                        new ServiceReport("Water", Map.of("depth", 4), MORNING))));

        assertThat(room.shadow).containsExactly(report(GATEWAY, "Water", Map.of("level", 3), MORNING));
        assertThat(room.leftOut("service")).isEqualTo(1);
        assertThat(room.leftOut("property")).isEqualTo(2);
    }

    @Test
    void nothingReachesTheShadowOfWhichTheModelHasNothing() {
        tell(report(GATEWAY, "Fire", Map.of("level", 1), MORNING));

        assertThat(room.shadow).isEmpty();
    }

    @Test
    void devicesThatAreNotBelowTheConnectionAreLeftOut() {
        tell(
                report(STRANGER, "Water", Map.of("level", 1), MORNING),
                report(CHILD, "Water", Map.of("level", 2), MORNING),
                report(new DeviceId("nobody"), "Water", Map.of("level", 3), MORNING),
                report(GATEWAY, "Water", Map.of("level", 4), MORNING));

        assertThat(room.shadow)
                .containsExactly(
                        report(CHILD, "Water", Map.of("level", 2), MORNING),
                        report(GATEWAY, "Water", Map.of("level", 4), MORNING));
        assertThat(room.leftOut("device")).isEqualTo(2);
    }

    @Test
    void withoutARuleNothingIsStored() {
        tell(report(GATEWAY, "Water", Map.of("level", 7), MORNING));

        assertThat(room.offered).isEmpty();
    }

    @Test
    void aRuleGetsAReportAsItCame() {
        room.asked.add(Subject.DEVICE_PROPERTY);

        tell(
                new DeviceReport(
                        GATEWAY,
                        List.of(
                                new ServiceReport("Water", Map.of("level", 7), null),
                                new ServiceReport("Fire", Map.of("hot", true), MORNING.plusMillis(5)))),
                report(CHILD, "Water", Map.of("level", 1), MORNING));

        assertThat(room.offered)
                .containsExactly(
                        offer(
                                GATEWAY,
                                Subject.DEVICE_PROPERTY,
                                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":7},"
                                        + "\"event_time\":\"20260102T030405Z\"},"
                                        + "{\"service_id\":\"Fire\",\"properties\":{\"hot\":true},"
                                        + "\"event_time\":\"2025-12-12T08:00:00.005Z\"}]}"),
                        offer(
                                CHILD,
                                Subject.DEVICE_PROPERTY,
                                "{\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":1},"
                                        + "\"event_time\":\"20251212T080000Z\"}]}"));
    }

    @Test
    void whatARuleAsksForIsCommittedBeforeTheAnswer() {
        room.asked.add(Subject.DEVICE_PROPERTY);
        Promise<Done> commit = Promise.promise();
        room.commit = commit.future();

        Future<Done> answer = ask(report(GATEWAY, "Water", Map.of("level", 7), MORNING));

        Awaitility.await().untilAsserted(() -> assertThat(room.shadow).hasSize(1));
        assertThat(answer.isComplete()).isFalse();
        commit.complete(Done.DONE);
        assertThat(Outcome.of(answer)).isEqualTo(Done.DONE);
    }

    @Test
    void aLostCommitIsTold() {
        room.asked.add(Subject.DEVICE_PROPERTY);
        room.commit = Future.failedFuture(new Failed(new Failure.StorageUnavailable()));

        assertThat(Outcome.failure(ask(report(GATEWAY, "Water", Map.of("level", 7), MORNING))))
                .isEqualTo(new Failure.StorageUnavailable());
    }

    @Test
    void aShadowThatHasNoRoomIsTold() {
        room.shadowAnswer = Future.failedFuture(new Failed(new Failure.Busy("shadow")));

        assertThat(Outcome.failure(ask(report(GATEWAY, "Water", Map.of("level", 7), MORNING))))
                .isEqualTo(new Failure.Busy("shadow"));
    }

    @Test
    void registryThatDoesNotAnswerIsNoReasonToLeaveADeviceOut() {
        room.registryAway = true;

        assertThat(Outcome.failure(ask(report(GATEWAY, "Water", Map.of("level", 7), MORNING))))
                .isEqualTo(new Failure.StorageUnavailable());
        assertThat(room.leftOut("device")).isZero();
    }

    @Test
    void reportsOfAConnectionKeepTheirOrderWhateverIsLookedUpForThem() {
        Promise<Void> slow = Promise.promise();
        room.slow.put(CHILD, slow.future());
        List<Future<Done>> answers = new ArrayList<>();
        answers.add(ask(
                report(CHILD, "Water", Map.of("level", 1), MORNING),
                report(GATEWAY, "Water", Map.of("level", 1), MORNING)));
        answers.add(ask(report(GATEWAY, "Water", Map.of("level", 2), MORNING)));
        answers.add(ask(report(GATEWAY, "Water", Map.of("level", 3), MORNING)));
        Outcome.of(room.ask(
                new ReportProperties(STRANGER, List.of(report(STRANGER, "Water", Map.of("level", 9), MORNING)))));

        slow.complete();

        Outcome.of(Future.all(answers));
        assertThat(room.shadow)
                .containsExactly(
                        report(STRANGER, "Water", Map.of("level", 9), MORNING),
                        report(CHILD, "Water", Map.of("level", 1), MORNING),
                        report(GATEWAY, "Water", Map.of("level", 1), MORNING),
                        report(GATEWAY, "Water", Map.of("level", 2), MORNING),
                        report(GATEWAY, "Water", Map.of("level", 3), MORNING));
    }

    @Test
    void aConnectionForWhichNothingMovesIsRefusedMoreWhileOthersGoOn() {
        room.slow.put(CHILD, Promise.<Void>promise().future());
        List<Future<Done>> answers = new ArrayList<>();
        for (int i = 0; i < 1002; i++) {
            answers.add(ask(report(CHILD, "Water", Map.of("level", i), MORNING)));
        }

        assertThat(Outcome.failure(answers.getLast())).isEqualTo(new Failure.Busy("uplink"));
        assertThat(Outcome.of(room.ask(new ReportProperties(
                        STRANGER, List.of(report(STRANGER, "Water", Map.of("level", 9), MORNING))))))
                .isEqualTo(Done.DONE);
    }

    // ---- messages and events

    @Test
    void aMessageIsOfferedWithItsTopicAndContent() {
        room.asked.add(Subject.DEVICE_MESSAGE);

        tell(new ReportMessage(GATEWAY, CHILD, "/free/topic", new Json("{\"a\":1}"), false));

        assertThat(room.offered)
                .containsExactly(
                        offer(CHILD, Subject.DEVICE_MESSAGE, "{\"topic\":\"/free/topic\",\"content\":{\"a\":1}}"));
    }

    @Test
    void aMessageThatIsNoTextSaysSo() {
        room.asked.add(Subject.DEVICE_MESSAGE);

        tell(new ReportMessage(GATEWAY, GATEWAY, "/free", new Json("\"AAH/\""), true));

        assertThat(room.offered)
                .containsExactly(offer(
                        GATEWAY,
                        Subject.DEVICE_MESSAGE,
                        "{\"topic\":\"/free\",\"content\":\"AAH/\",\"encoding\":\"base64\"}"));
    }

    @Test
    void anEventIsOffered() {
        room.asked.add(Subject.DEVICE_EVENT);

        tell(new ReportEvent(GATEWAY, GATEWAY, "$log", "log_report", null, "e-1", new Json("{\"a\":null}")));
        tell(new ReportEvent(GATEWAY, GATEWAY, "$log", "log_report", MORNING, null, new Json("{}")));

        assertThat(room.offered)
                .containsExactly(
                        offer(
                                GATEWAY,
                                Subject.DEVICE_EVENT,
                                "{\"services\":[{\"service_id\":\"$log\",\"event_type\":\"log_report\","
                                    + "\"event_time\":\"20260102T030405Z\",\"event_id\":\"e-1\",\"paras\":{\"a\":null}}]}"),
                        offer(
                                GATEWAY,
                                Subject.DEVICE_EVENT,
                                "{\"services\":[{\"service_id\":\"$log\",\"event_type\":\"log_report\","
                                        + "\"event_time\":\"20251212T080000Z\",\"paras\":{}}]}"));
    }

    @Test
    void messagesAndEventsAreNotStoredUnasked() {
        room.asked.add(Subject.DEVICE_PROPERTY);

        tell(new ReportMessage(GATEWAY, GATEWAY, "/free", new Json("\"hello\""), false));
        tell(new ReportEvent(GATEWAY, GATEWAY, "$log", "log_report", null, null, new Json("{}")));

        assertThat(room.offered).isEmpty();
    }

    @Test
    void nobodySpeaksForADeviceThatIsNotHis() {
        room.asked.add(Subject.DEVICE_MESSAGE);
        room.asked.add(Subject.DEVICE_EVENT);

        assertThat(Outcome.failure(
                        room.ask(new ReportMessage(GATEWAY, STRANGER, "/free", new Json("\"hello\""), false))))
                .isEqualTo(new Failure.DeviceNotFound(STRANGER));
        assertThat(Outcome.failure(
                        room.ask(new ReportEvent(GATEWAY, STRANGER, "$log", "log_report", null, null, new Json("{}")))))
                .isEqualTo(new Failure.DeviceNotFound(STRANGER));
        assertThat(room.offered).isEmpty();
    }

    private void tell(DeviceReport... reports) {
        assertThat(Outcome.of(ask(reports))).isEqualTo(Done.DONE);
    }

    private Future<Done> ask(DeviceReport... reports) {
        return room.ask(new ReportProperties(GATEWAY, List.of(reports)));
    }

    private void tell(UplinkRequest<Done> saying) {
        assertThat(Outcome.of(room.ask(saying))).isEqualTo(Done.DONE);
    }

    private static DeviceReport report(DeviceId device, String service, Map<String, Object> values, Instant time) {
        return new DeviceReport(device, List.of(new ServiceReport(service, values, time)));
    }

    private static OfferEvent offer(DeviceId device, Subject subject, String body) {
        return new OfferEvent(Room.PROJECT, Room.SPACE, device, subject, new Json(body));
    }
}
