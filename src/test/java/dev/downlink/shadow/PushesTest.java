// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.Json;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceProperties;
import dev.downlink.model.ServiceReport;
import dev.downlink.model.Shadow;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.ConnectionOpened;
import dev.downlink.protocol.ShadowRequest.DeleteShadow;
import dev.downlink.protocol.ShadowRequest.DesiredChange;
import dev.downlink.protocol.ShadowRequest.FetchShadow;
import dev.downlink.protocol.ShadowRequest.ReportProperties;
import dev.downlink.protocol.ShadowRequest.UpdateDesired;
import dev.downlink.protocol.ShadowRows.ChangeDesired;
import dev.downlink.protocol.ShadowRows.DeleteShadowRows;
import dev.downlink.protocol.ShadowRows.Difference;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.protocol.ShadowRows.SelectShadow;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wanted of devices, and how they are told; registry, repository and correlator are played by the test. */
class PushesTest {
    private static final DeviceId DEVICE = new DeviceId("d1");
    private static final Pushes.Pace NEVER_AGAIN = new Pushes.Pace(Duration.ofHours(1), Duration.ofHours(1));
    private static final Pushes.Pace SOON = new Pushes.Pace(Duration.ofMillis(50), Duration.ofHours(1));
    private static final Json LEVEL = new Json("{\"level\": 1.50}");

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.of(vertx);
    private final Neighbours neighbours = new Neighbours(bus);

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    private void deploy(Pushes.Pace pace) {
        var settings = TestSettings.of("SHADOW_FLUSH_INTERVAL", "0s", "COMMANDS_TIMEOUT", "7s");
        Outcome.of(vertx.deployVerticle(new ShadowVerticle(settings, pace)));
    }

    @Test
    void deviceThatConnectsIsToldWhatIsWanted() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.differences =
                List.of(new Difference(DEVICE, "Meter", LEVEL), new Difference(Neighbours.CHILD, "Meter", LEVEL));

        Outcome.of(bus.ask(new ConnectionOpened(DEVICE)));

        SetProperties set = next();
        assertThat(set.project()).isEqualTo(Neighbours.PROJECT);
        assertThat(set.limit()).isEqualTo(Duration.ofSeconds(7));
        assertThat(set.services().toString())
                .isEqualTo("[ServiceProperties[serviceId=Meter, properties={level=1.50}]]");
        assertThat(List.of(set.device(), next().device())).containsExactlyInAnyOrder(DEVICE, Neighbours.CHILD);
    }

    @Test
    void whatCouldNotBeReadAtAConnectIsReadAgain() throws InterruptedException {
        deploy(SOON);
        neighbours.differences = List.of(new Difference(DEVICE, "Meter", LEVEL));
        neighbours.databaseAway = true;
        assertThat(Outcome.failure(bus.ask(new ConnectionOpened(DEVICE)))).isEqualTo(new Failure.StorageUnavailable());

        neighbours.databaseAway = false;

        assertThat(next().device()).isEqualTo(DEVICE);
    }

    @Test
    void onlyWritablePropertiesThatFitTheModelAreSent() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.differences = List.of(
                new Difference(DEVICE, "Meter", new Json("{\"level\": 2, \"reading\": 3, \"gone\": 4}")),
                new Difference(DEVICE, "Gone", LEVEL),
                new Difference(Neighbours.CHILD, "Meter", new Json("{\"level\": 101}")));

        Outcome.of(bus.ask(new ConnectionOpened(DEVICE)));

        assertThat(next().services()).containsExactly(new ServiceProperties("Meter", Map.of("level", 2)));
        assertThat(neighbours.pushed).isEmpty();
    }

    @Test
    void reportThatDiffersIsAnswered() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.difference = LEVEL;

        report();

        assertThat(next().device()).isEqualTo(DEVICE);
    }

    @Test
    void reportThatIsAsWantedIsNot() {
        deploy(NEVER_AGAIN);

        report();

        assertThat(neighbours.pushed).isEmpty();
    }

    @Test
    void changeIsStoredAndThenTold() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.difference = LEVEL;

        Shadow shadow = Outcome.of(change(null, "level", 1));

        assertThat(shadow.services()).hasSize(2);
        assertThat(neighbours.asked(ChangeDesired.class)).hasSize(1);
        assertThat(next().device()).isEqualTo(DEVICE);
    }

    @Test
    void deviceThatDoesNotTakeAValueIsNotToldAtEachReport() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.difference = LEVEL;
        neighbours.device = _ -> Future.succeededFuture(new Json("{\"result_code\":1}"));
        report();
        var _ = next();

        for (int i = 0; i < 20; i++) {
            report();
        }

        assertThat(neighbours.pushed).isEmpty();
        neighbours.difference = new Json("{\"level\": 3}");
        report();
        assertThat(next().services()).containsExactly(new ServiceProperties("Meter", Map.of("level", 3)));
    }

    @Test
    void itIsToldAgainWhenThePauseIsOver() throws InterruptedException {
        deploy(new Pushes.Pace(Duration.ofMillis(50), Duration.ofMillis(100)));
        neighbours.difference = LEVEL;
        report();
        var _ = next();

        report();

        assertThat(next().device()).isEqualTo(DEVICE);
    }

    @Test
    void whatIsNoLongerWantedWhenThePauseIsOverIsNotTold() throws InterruptedException {
        deploy(new Pushes.Pace(Duration.ofMillis(500), Duration.ofMillis(500)));
        neighbours.difference = LEVEL;
        report();
        var _ = next();
        report();

        neighbours.difference = null;

        await().until(() -> !neighbours.asked(SelectShadow.class).isEmpty());
        neighbours.difference = new Json("{\"level\": 2}");
        report();
        assertThat(next().services()).containsExactly(new ServiceProperties("Meter", Map.of("level", 2)));
    }

    @Test
    void pauseDoubles() {
        Pushes.Pace pace = new Pushes.Pace(Duration.ofSeconds(10), Duration.ofHours(1));

        assertThat(List.of(pace.after(1), pace.after(2), pace.after(5), pace.after(100)))
                .containsExactly(
                        Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(160), Duration.ofHours(1));
    }

    @Test
    void connectAndChangeDoNotWaitForThePause() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.difference = LEVEL;
        neighbours.differences = List.of(new Difference(DEVICE, "Meter", LEVEL));
        report();
        var _ = next();

        Outcome.of(bus.ask(new ConnectionOpened(DEVICE)));
        var _ = next();
        Outcome.of(change(null, "level", 1));

        assertThat(next().device()).isEqualTo(DEVICE);
    }

    @Test
    void oneIsInHandAtATimeAndTheLastWishFollows() throws InterruptedException {
        deploy(NEVER_AGAIN);
        Promise<Json> answer = Promise.promise();
        neighbours.device = _ -> answer.future();
        neighbours.difference = LEVEL;
        Outcome.of(change(null, "level", 1));
        var _ = next();

        for (int value : List.of(2, 3, 4)) {
            neighbours.difference = new Json("{\"level\": " + value + "}");
            Outcome.of(change(null, "level", value));
        }

        assertThat(neighbours.pushed).isEmpty();
        answer.complete(Json.NULL);
        assertThat(next().services()).containsExactly(new ServiceProperties("Meter", Map.of("level", 4)));
    }

    @Test
    void whatWasReportedMeanwhileIsNotToldAny() throws InterruptedException {
        deploy(NEVER_AGAIN);
        Promise<Json> answer = Promise.promise();
        neighbours.device = _ -> answer.future();
        neighbours.difference = LEVEL;
        Outcome.of(change(null, "level", 1));
        var _ = next();
        neighbours.difference = new Json("{\"level\": 2}");
        Outcome.of(change(null, "level", 2));

        neighbours.difference = null;
        report();
        answer.complete(Json.NULL);

        neighbours.difference = new Json("{\"level\": 5}");
        report();
        assertThat(next().services()).containsExactly(new ServiceProperties("Meter", Map.of("level", 5)));
    }

    @Test
    void newConnectionDoesNotWaitForTheAnswerOnTheOldOne() throws InterruptedException {
        deploy(NEVER_AGAIN);
        neighbours.device = _ -> Promise.<Json>promise().future();
        neighbours.differences = List.of(new Difference(DEVICE, "Meter", LEVEL));

        Outcome.of(bus.ask(new ConnectionOpened(DEVICE)));
        var _ = next();
        Outcome.of(bus.ask(new ConnectionOpened(DEVICE)));

        assertThat(next().device()).isEqualTo(DEVICE);
    }

    @Test
    void boundedNumberIsInHandAndTheOthersFollow() {
        deploy(NEVER_AGAIN);
        List<Promise<Json>> answers = Collections.synchronizedList(new ArrayList<>());
        neighbours.device = _ -> {
            Promise<Json> answer = Promise.promise();
            answers.add(answer);
            return answer.future();
        };
        List<Difference> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(new Difference(new DeviceId("child" + i), "Meter", LEVEL));
        }
        neighbours.differences = many;

        Outcome.of(bus.ask(new ConnectionOpened(DEVICE)));

        await().until(() -> answers.size() == 256);
        List.copyOf(answers).forEach(answer -> answer.tryComplete(Json.NULL));
        await().until(() -> answers.size() == 300);
    }

    @Test
    void outcomeIsReadFromTheAnswer() {
        RequestId id = RequestId.next(1, 1);

        assertThat(ends("null", "{}", "{\"result_code\":0}", "{\"result_code\":null}"))
                .containsOnly(Pushed.ACCEPTED);
        assertThat(ends("{\"result_code\":7}", "{\"result_code\":\"no\"}")).containsOnly(Pushed.REFUSED);
        assertThat(Pushed.of(new Failed(new Failure.CallTimedOut(id, Failure.Progress.PUBLISHED, 20))))
                .isEqualTo(Pushed.TIMED_OUT);
        assertThat(Pushed.of(new Failed(new Failure.GatewayOffline(DEVICE, DEVICE))))
                .isEqualTo(Pushed.OFFLINE);
        assertThat(Pushed.of(new Failed(new Failure.Busy("correlator")))).isEqualTo(Pushed.FAILED);
    }

    private static List<Pushed> ends(String... answers) {
        return Stream.of(answers).map(answer -> Pushed.of(new Json(answer))).toList();
    }

    @Test
    void changeMustFitTheModel() {
        deploy(NEVER_AGAIN);

        assertThat(Outcome.failure(change(null, "reading", 1)))
                .isEqualTo(new Failure.ModelViolation("shadow[0].desired.reading", "is not writable"));
        assertThat(Outcome.failure(change(null, "level", 101)))
                .isEqualTo(new Failure.ModelViolation("shadow[0].desired.level", "must not be greater than 100"));
        assertThat(Outcome.failure(change(null, "none", 1)))
                .isEqualTo(new Failure.ModelViolation("shadow[0].desired.none", "is not a property of service Meter"));
        DesiredChange twice = new DesiredChange("Meter", Map.of("level", 1), null);
        assertThat(Outcome.failure(bus.ask(new UpdateDesired(Neighbours.PROJECT, DEVICE, List.of(twice, twice)))))
                .isEqualTo(new Failure.ModelViolation("shadow[1].service_id", "occurs twice"));
        assertThat(neighbours.asked(ChangeDesired.class)).isEmpty();
    }

    @Test
    void whatTheModelNoLongerHasCanBeTakenAway() {
        deploy(NEVER_AGAIN);

        Outcome.of(change(null, "none", null));

        assertThat(neighbours.asked(ChangeDesired.class)).hasSize(1);
    }

    @Test
    void staleVersionIsToldWithTheOneInForce() {
        deploy(NEVER_AGAIN);
        neighbours.changeFails = new Failure.Conflict("shadow of", "d1");
        neighbours.version = 5;

        assertThat(Outcome.failure(change(4L, "level", 1))).isEqualTo(new Failure.ShadowChanged(DEVICE, "Meter", 5));
        assertThat(neighbours.pushed).isEmpty();
    }

    @Test
    void deletingWritesFirstWhatWasReported() {
        deploy(NEVER_AGAIN);

        Outcome.of(bus.ask(new DeleteShadow(Neighbours.PROJECT, DEVICE, "Meter")));

        assertThat(neighbours.asked(DeleteShadowRows.class)).containsExactly(new DeleteShadowRows(DEVICE, "Meter"));
    }

    @Test
    void deviceSeesItsOwnShadowAndThoseBelowIt() {
        deploy(NEVER_AGAIN);

        Shadow own = Outcome.of(bus.ask(new FetchShadow(DEVICE, DEVICE, null)));
        Shadow one = Outcome.of(bus.ask(new FetchShadow(DEVICE, Neighbours.CHILD, "Other")));
        Failure foreign = Outcome.failure(bus.ask(new FetchShadow(DEVICE, new DeviceId("d2"), null)));

        assertThat(own.services()).extracting(Shadow.Service::serviceId).containsExactly("Meter", "Other");
        assertThat(one.device()).isEqualTo(Neighbours.CHILD);
        assertThat(one.services()).extracting(Shadow.Service::serviceId).containsExactly("Other");
        assertThat(foreign).isEqualTo(new Failure.DeviceNotFound(new DeviceId("d2")));
    }

    private SetProperties next() throws InterruptedException {
        SetProperties set = neighbours.pushed.poll(10, TimeUnit.SECONDS);
        assertThat(set).as("a push").isNotNull();
        return set;
    }

    private void report() {
        ServiceReport service = new ServiceReport("Meter", Map.of("level", 0), Instant.now());
        Outcome.of(bus.ask(new ReportProperties(DEVICE, List.of(new DeviceReport(DEVICE, List.of(service))))));
        assertThat(neighbours.asked(MergeReported.class)).isNotEmpty();
    }

    private Future<Shadow> change(@Nullable Long version, String name, @Nullable Object value) {
        DesiredChange change = new DesiredChange("Meter", Collections.singletonMap(name, value), version);
        return bus.ask(new UpdateDesired(Neighbours.PROJECT, DEVICE, List.of(change)));
    }
}
