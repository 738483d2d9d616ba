// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.ServiceReport;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.FetchShadow;
import dev.downlink.protocol.ShadowRequest.ReportProperties;
import dev.downlink.protocol.ShadowRequest.ShowShadow;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.protocol.ShadowRows.SelectShadow;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What devices report, on the way to their rows; registry and repository are played by the test. */
class ReportsTest {
    private static final DeviceId DEVICE = new DeviceId("d1");
    private static final Instant NOON = Instant.parse("2025-11-22T12:00:00Z");
    private static final String NEVER = "5m";

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.of(vertx);
    private final Neighbours neighbours = new Neighbours(bus);
    private String deployment;

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    private void deploy(String interval, String... more) {
        List<String> settings = new ArrayList<>(List.of("SHADOW_FLUSH_INTERVAL", interval));
        settings.addAll(List.of(more));
        deployment =
                Outcome.of(vertx.deployVerticle(new ShadowVerticle(TestSettings.of(settings.toArray(String[]::new)))));
    }

    @Test
    void lastValueOfEachPropertyIsWritten() {
        deploy("200ms");

        report(NOON, "level", 1, "reading", 5);
        report(NOON.plusSeconds(1), "level", 2);
        report(NOON.plusSeconds(1), "level", 3);

        await().until(() -> !written().isEmpty());
        assertThat(written())
                .containsExactly(
                        new MergeReported(DEVICE, "Meter", Map.of("level", 3, "reading", 5), NOON.plusSeconds(1)));
    }

    @Test
    void olderValueDoesNotTakeTheNewerOnesPlace() {
        deploy(NEVER);

        report(NOON, "level", 1);
        report(NOON.minusSeconds(60), "level", 9, "reading", 5);
        Outcome.of(bus.ask(new ShowShadow(Neighbours.PROJECT, DEVICE)));

        assertThat(written())
                .containsExactly(new MergeReported(DEVICE, "Meter", Map.of("level", 1, "reading", 5), NOON));
    }

    @Test
    void valuesOfTheFutureAreOfNow() {
        deploy("0s");
        Instant before = Instant.now();

        report(Instant.parse("2999-01-01T00:00:00Z"), "level", 1);

        assertThat(written().getFirst().time()).isBetween(before, Instant.now());
    }

    @Test
    void devicesAndServicesHaveRowsOfTheirOwn() {
        deploy("0s");
        DeviceId other = new DeviceId("d2");

        Outcome.of(bus.ask(new ReportProperties(
                DEVICE,
                List.of(
                        new DeviceReport(DEVICE, List.of(service(NOON, "level", 1))),
                        new DeviceReport(other, List.of(service(NOON, "level", 2)))))));

        assertThat(written()).extracting(MergeReported::device).containsExactlyInAnyOrder(DEVICE, other);
    }

    @Test
    void whatIsNotInTheModelOrCannotBeStoredIsLeftOut() {
        deploy("0s");

        report(NOON, "level", 1, "unknown", 2);
        report(NOON, "level", "a\0b");
        Outcome.of(bus.ask(new ReportProperties(
                DEVICE,
                List.of(new DeviceReport(DEVICE, List.of(new ServiceReport("None", Map.of("level", 1), NOON)))))));

        assertThat(written()).extracting(MergeReported::properties).containsExactly(Map.of("level", 1));
    }

    @Test
    void withoutGatheringTheAnswerWaitsForTheCommit() {
        Promise<Void> commit = Promise.promise();
        neighbours.hold = commit;
        deploy("0s");

        Future<Done> first = send(NOON, "level", 1);
        await().until(() -> !written().isEmpty());
        Future<Done> second = send(NOON, "level", 2);
        Future<Done> third = send(NOON, "reading", 3);

        assertThat(first.isComplete()).isFalse();
        commit.complete();
        Outcome.of(Future.all(first, second, third));
        assertThat(written())
                .extracting(MergeReported::properties)
                .containsExactly(Map.of("level", 1), Map.of("level", 2, "reading", 3));
    }

    @Test
    void withoutGatheringAReportThatIsNotWrittenIsRefused() {
        neighbours.databaseAway = true;
        deploy("0s");

        assertThat(Outcome.failure(send(NOON, "level", 1))).isEqualTo(new Failure.StorageUnavailable());
        neighbours.databaseAway = false;
        report(NOON, "level", 2);

        assertThat(written().getLast().properties()).isEqualTo(Map.of("level", 2));
    }

    @Test
    void whatCannotBeWrittenIsTriedAgain() {
        neighbours.databaseAway = true;
        deploy("50ms");
        report(NOON, "level", 1, "reading", 5);
        await().until(() -> !written().isEmpty());

        report(NOON, "level", 2);
        neighbours.databaseAway = false;

        await().until(() -> written().getLast().properties().equals(Map.of("level", 2, "reading", 5)));
    }

    @Test
    void readerSeesWhatWasReportedBefore() {
        deploy(NEVER);
        report(NOON, "level", 1);

        Outcome.of(bus.ask(new FetchShadow(DEVICE, DEVICE, null)));

        assertThat(neighbours.asked)
                .extracting(Object::getClass)
                .containsExactly(MergeReported.class, SelectShadow.class);
    }

    @Test
    void stopWritesWhatWaits() {
        deploy(NEVER);
        report(NOON, "level", 1);

        Outcome.of(vertx.undeploy(deployment));

        assertThat(written()).hasSize(1);
    }

    @Test
    void stopEndsThoughNothingCanBeWritten() {
        neighbours.databaseAway = true;
        deploy(NEVER);
        report(NOON, "level", 1);

        Outcome.of(vertx.undeploy(deployment));

        assertThat(written()).isNotEmpty();
    }

    @Test
    void fullRoomRefusesUntilThereIsPlaceAgain() {
        Promise<Void> commit = Promise.promise();
        neighbours.hold = commit;
        deploy(NEVER, "SHADOW_MAX_WAITING", "100");
        for (int i = 0; i < 100; i++) {
            reportOf("d" + i);
        }

        assertThat(Outcome.failure(sendOf("one-more"))).isEqualTo(new Failure.Busy("shadow"));
        commit.complete();

        await().until(() -> written().size() == 100);
        reportOf("one-more");
    }

    @Test
    void longValuesCountByTheirLength() {
        deploy(NEVER, "SHADOW_MAX_WAITING", "100");

        Future<Done> refused = send(NOON, "level", "x".repeat(100 * 1024));

        assertThat(Outcome.failure(refused)).isEqualTo(new Failure.Busy("shadow"));
    }

    @Test
    void oldestAreGivenUpWhileTheDatabaseIsAway() {
        neighbours.databaseAway = true;
        deploy(NEVER, "SHADOW_MAX_WAITING", "100");
        for (int i = 0; i < 100; i++) {
            reportOf("d" + i);
        }
        assertThat(Outcome.failure(sendOf("refused"))).isInstanceOf(Failure.Busy.class);
        await().until(() -> written().size() == 100);

        await().untilAsserted(() -> assertThat(sendOf("newest")
                        .transform(r -> Future.succeededFuture(r.succeeded()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join())
                .isTrue());
        neighbours.databaseAway = false;
        Outcome.of(vertx.undeploy(deployment));

        List<DeviceId> last = written().subList(100, written().size()).stream()
                .map(MergeReported::device)
                .toList();
        assertThat(last).hasSize(100).contains(new DeviceId("newest"));
    }

    private void reportOf(String device) {
        Outcome.of(sendOf(device));
    }

    private Future<Done> sendOf(String device) {
        DeviceId id = new DeviceId(device);
        return bus.ask(new ReportProperties(id, List.of(new DeviceReport(id, List.of(service(NOON, "level", 1))))));
    }

    private void report(Instant time, @Nullable Object... properties) {
        Outcome.of(send(time, properties));
    }

    private Future<Done> send(Instant time, @Nullable Object... properties) {
        return bus.ask(new ReportProperties(
                DEVICE, List.of(new DeviceReport(DEVICE, List.of(service(time, properties))))));
    }

    private static ServiceReport service(Instant time, @Nullable Object... properties) {
        Map<String, @Nullable Object> values = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            values.put((String) properties[i], properties[i + 1]);
        }
        return new ServiceReport("Meter", values, time);
    }

    private List<MergeReported> written() {
        return neighbours.asked(MergeReported.class);
    }
}
