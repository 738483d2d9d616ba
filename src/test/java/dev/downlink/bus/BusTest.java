// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeviceRequest.FreezeDevice;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.support.Outcome;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final FreezeDevice FREEZE = new FreezeDevice(new ProjectId("p"), new DeviceId("d"));
    private static final Address ADAPTER = Address.mqtt(1, 0);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final Bus bus = Bus.of(vertx);

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    @Test
    void answerComesBackToTheAsker() {
        registryAnswers(4, q -> Answer.to((FreezeDevice) q, Done.DONE));

        Done answer = Outcome.of(bus.ask(FREEZE));

        assertThat(answer).isSameAs(Done.DONE);
    }

    @Test
    void requestTravelsByReference() {
        List<Object> seen = new CopyOnWriteArrayList<>();
        registryAnswers(4, q -> {
            seen.add(q);
            return Answer.to((FreezeDevice) q, Done.DONE);
        });

        Outcome.of(bus.ask(FREEZE));

        assertThat(seen.getFirst()).isSameAs(FREEZE);
    }

    @Test
    void failureIsData() {
        Failure failure = new Failure.AlreadyFrozen(new DeviceId("d"));
        registryAnswers(4, q -> Answer.to((FreezeDevice) q, Future.failedFuture(new Failed(failure))));

        assertThat(Outcome.failure(bus.ask(FREEZE))).isEqualTo(failure);
    }

    @Test
    void brokenRuleOfTheModelIsAnInvalidField() {
        registryAnswers(4, _ -> {
            throw new InvalidField("device_id", "is mandatory");
        });

        assertThat(Outcome.failure(bus.ask(FREEZE))).isEqualTo(new Failure.Invalid("device_id", "is mandatory"));
    }

    @Test
    void bugIsAnIncident() {
        registryAnswers(4, _ -> {
            throw new IllegalStateException("a bug");
        });

        assertThat(Outcome.failure(bus.ask(FREEZE))).isInstanceOf(Failure.Internal.class);
    }

    @Test
    void emptyRoomIsToldAtOnce() {
        assertThat(Outcome.failure(bus.ask(FREEZE))).isEqualTo(new Failure.NobodyThere("registry"));
    }

    @Test
    void silentRoomIsNotWaitedForLongerThanThePatience() {
        var progress = new AdapterRequest.FindProgress(new DeviceId("d"), 1, CallKind.COMMAND, RequestId.next(1, 0));
        Outcome.of(bus.answer(
                ADAPTER,
                AdapterRequest.class,
                4,
                _ -> new Answer<>(Promise.<Done>promise().future())));

        assertThat(Outcome.failure(bus.ask(ADAPTER, progress))).isInstanceOf(Failure.NoAnswer.class);
    }

    @Test
    void fullRoomRefuses() {
        List<Promise<Done>> inHand = new CopyOnWriteArrayList<>();
        registryAnswers(1, q -> {
            Promise<Done> promise = Promise.promise();
            inHand.add(promise);
            return Answer.to((FreezeDevice) q, promise.future());
        });
        Future<Done> first = bus.ask(FREEZE);
        Awaitility.await().until(() -> inHand.size() == 1);

        Failure second = Outcome.failure(bus.ask(FREEZE));

        assertThat(second).isEqualTo(new Failure.Busy("registry"));
        inHand.getFirst().complete(Done.DONE);
        assertThat(Outcome.of(first)).isEqualTo(Done.DONE);
    }

    @Test
    void instanceOnTheAskersLoopIsPreferred() {
        List<String> answering = new CopyOnWriteArrayList<>();
        List<String> asking = new CopyOnWriteArrayList<>();
        Outcome.of(vertx.deployVerticle(
                () -> context -> bus.answer(Address.REGISTRY, RegistryRequest.class, 4, q -> {
                    answering.add(Thread.currentThread().getName());
                    return Answer.to((FreezeDevice) q, Done.DONE);
                }),
                new DeploymentOptions().setInstances(2)));

        Outcome.of(vertx.deployVerticle(
                () -> context -> {
                    asking.add(Thread.currentThread().getName());
                    List<Future<Done>> asked = new ArrayList<>();
                    for (int i = 0; i < 10; i++) {
                        asked.add(bus.ask(FREEZE));
                    }
                    return Future.all(asked);
                },
                new DeploymentOptions().setInstances(2)));

        for (String loop : asking) {
            assertThat(answering).filteredOn(loop::equals).hasSize(10);
        }
    }

    @Test
    void roomWhoseInstanceOnTheAskersLoopIsGoneIsAskedElsewhere() {
        Deployable room = _ ->
                bus.answer(Address.REGISTRY, RegistryRequest.class, 4, q -> Answer.to((FreezeDevice) q, Done.DONE));
        String gone = Outcome.of(vertx.deployVerticle(room));
        var _ = Outcome.of(vertx.deployVerticle(room));
        Outcome.of(vertx.undeploy(gone));
        List<Done> answers = new CopyOnWriteArrayList<>();

        Outcome.of(vertx.deployVerticle(
                () -> _ -> bus.ask(FREEZE).onSuccess(answers::add), new DeploymentOptions().setInstances(2)));

        assertThat(answers).containsExactly(Done.DONE, Done.DONE);
    }

    @Test
    void instanceThatIsGoneIsNotTakenForTheOneInItsPlace() {
        List<String> answering = new CopyOnWriteArrayList<>();
        String first = Outcome.of(vertx.deployVerticle(adapter("first", answering)));
        Outcome.of(vertx.undeploy(first));
        var _ = Outcome.of(vertx.deployVerticle(adapter("second", answering)));
        var progress = new AdapterRequest.FindProgress(new DeviceId("d"), 1, CallKind.COMMAND, RequestId.next(1, 0));

        var _ = Outcome.of(vertx.deployVerticle(_ -> bus.ask(ADAPTER, progress)));

        assertThat(answering).containsExactly("second");
    }

    private Deployable adapter(String name, List<String> answering) {
        return _ -> bus.answer(ADAPTER, AdapterRequest.class, 4, q -> {
            answering.add(name);
            return Answer.to(
                    (AdapterRequest.FindProgress) q, new AdapterRequest.Reached(Failure.Progress.ACKNOWLEDGED));
        });
    }

    @Test
    void eventReachesEveryListener() {
        List<Notice> heard = new CopyOnWriteArrayList<>();
        Outcome.of(bus.hear(Notice.DeviceChanged.class, heard::add));
        Outcome.of(bus.hear(Notice.DeviceChanged.class, heard::add));
        Notice.DeviceChanged event = new Notice.DeviceChanged(new DeviceId("d"));

        bus.publish(event);

        Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly(event, event));
    }

    private void registryAnswers(int maxInHand, Function<RegistryRequest<?>, Answer<?>> handler) {
        Outcome.of(bus.answer(Address.REGISTRY, RegistryRequest.class, maxInHand, handler::apply));
    }
}
