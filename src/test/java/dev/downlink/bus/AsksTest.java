// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.FindProgress;
import dev.downlink.protocol.AdapterRequest.Reached;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeviceRequest.FreezeDevice;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.support.Outcome;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked from event loops; all on the only loop of a Vert.x, so that all that is asked goes by {@link Asks}. */
class AsksTest {
    private static final FreezeDevice FREEZE = new FreezeDevice(new ProjectId("p"), new DeviceId("d"));
    private static final FindProgress PROGRESS =
            new FindProgress(new DeviceId("d"), 1, CallKind.COMMAND, RequestId.next(1, 0));
    private static final Reached REACHED = new Reached(Failure.Progress.ACKNOWLEDGED);
    private static final Address ADAPTER = Address.mqtt(1, 0);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Bus bus = Bus.of(vertx);
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    @Test
    void answerComesBackOnTheAskersContext() {
        registryAnswers(q -> Answer.to((FreezeDevice) q, Done.DONE));

        Context answered = Outcome.of(onLoop(() -> bus.ask(FREEZE).map(_ -> Vertx.currentContext())));

        assertThat(answered).isSameAs(loop);
    }

    @Test
    void failureIsData() {
        Failure failure = new Failure.AlreadyFrozen(new DeviceId("d"));
        registryAnswers(_ -> {
            throw new Failed(failure);
        });

        assertThat(Outcome.failure(onLoop(() -> bus.ask(FREEZE)))).isEqualTo(failure);
    }

    @Test
    void emptyRoomIsToldAtOnce() {
        assertThat(Outcome.failure(onLoop(() -> bus.ask(FREEZE)))).isEqualTo(new Failure.NobodyThere("registry"));
    }

    @Test
    void adapterThatIsNotThereIsToldAtOnce() {
        Failure failure = Outcome.failure(onLoop(() -> bus.ask(ADAPTER, PROGRESS)));

        assertThat(failure).isEqualTo(new Failure.NobodyThere(ADAPTER.value()));
    }

    @Test
    void silentRoomIsNotWaitedForLongerThanThePatience() {
        adapterAnswers(Promise.<Reached>promise().future());

        Failure failure = Outcome.failure(onLoop(() -> bus.ask(ADAPTER, PROGRESS)));

        assertThat(failure).isEqualTo(new Failure.NoAnswer(ADAPTER.value(), "FindProgress"));
    }

    @Test
    void lateAnswerIsDroppedAndTakenForNoOther() {
        Promise<Reached> late = Promise.promise();
        adapterAnswers(late.future());
        registryAnswers(q -> Answer.to((FreezeDevice) q, Done.DONE));
        var _ = Outcome.failure(onLoop(() -> bus.ask(ADAPTER, PROGRESS)));

        Done next = Outcome.of(onLoop(() -> {
            late.complete(REACHED);
            return bus.ask(FREEZE);
        }));

        assertThat(next).isSameAs(Done.DONE);
    }

    @Test
    void whatIsAskedInOneTurnIsAnsweredInItsOrder() {
        List<Integer> answered = new CopyOnWriteArrayList<>();
        registryAnswers(q -> Answer.to((FreezeDevice) q, Done.DONE));

        var _ = Outcome.of(onLoop(() -> {
            Future<Done> first = bus.ask(FREEZE).onSuccess(_ -> answered.add(1));
            Future<Done> second = bus.ask(FREEZE).onSuccess(_ -> answered.add(2));
            return Future.all(second, first);
        }));

        assertThat(answered).containsExactly(1, 2);
    }

    @Test
    void bugInOneRoomDoesNotKeepFromTheOthersWhatCameWithIt() {
        List<Notice> heard = new CopyOnWriteArrayList<>();
        Address deaf = Address.correlator(1, 1);
        Address ear = Address.correlator(1, 2);
        Notice.AnswerArrived notice =
                new Notice.AnswerArrived(RequestId.next(1, 0), new DeviceId("d"), CallKind.COMMAND, Json.NULL);
        Outcome.of(onLoop(() -> Future.all(
                bus.hear(deaf, Notice.AnswerArrived.class, _ -> {
                    throw new IllegalStateException("a bug");
                }),
                bus.hear(ear, Notice.AnswerArrived.class, heard::add))));
        registryAnswers(q -> Answer.to((FreezeDevice) q, Done.DONE));

        Done done = Outcome.of(onLoop(() -> {
            bus.tell(deaf, notice);
            bus.tell(ear, notice);
            return bus.ask(FREEZE);
        }));

        assertThat(done).isSameAs(Done.DONE);
        assertThat(heard).containsExactly(notice);
    }

    @Test
    void oneMoreThanMayWaitIsRefused() {
        adapterAnswers(Promise.<Reached>promise().future());

        Failure third = Outcome.failure(onLoop(() -> {
            ContextInternal asker = ContextInternal.current();
            Asks two = Asks.of(asker, new Counts(Telemetry.of(vertx)), 2);
            List<Future<Reached>> waiting = List.of(
                    two.ask(asker, null, ADAPTER.value(), PROGRESS), two.ask(asker, null, ADAPTER.value(), PROGRESS));
            assertThat(waiting).noneMatch(Future::isComplete);
            return two.ask(asker, null, ADAPTER.value(), PROGRESS);
        }));

        assertThat(third).isEqualTo(new Failure.Busy("bus"));
    }

    @Test
    void whatIsOnItsWayToARoomThatClosesIsTold() {
        AtomicReference<Future<Done>> asked = new AtomicReference<>(Future.failedFuture("not asked"));
        String room = Outcome.of(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return bus.answer(
                        Address.REGISTRY, RegistryRequest.class, 4, q -> Answer.to((FreezeDevice) q, Done.DONE));
            }

            @Override
            public Future<?> stop() {
                asked.set(bus.ask(FREEZE));
                return Future.succeededFuture();
            }
        }));

        Outcome.of(vertx.undeploy(room));

        assertThat(Outcome.failure(asked.get())).isEqualTo(new Failure.NobodyThere("registry"));
    }

    @Test
    void answersArriveAlsoWhenTheVerticleThatAskedFirstIsGone() {
        registryAnswers(q -> Answer.to((FreezeDevice) q, Done.DONE));
        Deployable asker = _ -> bus.ask(FREEZE);
        String first = Outcome.of(vertx.deployVerticle(asker));
        Outcome.of(vertx.undeploy(first));

        Future<String> second = vertx.deployVerticle(asker);

        assertThat(Outcome.of(second)).isNotEqualTo(first);
    }

    @Test
    void workerMayAskToo() {
        List<String> asking = new CopyOnWriteArrayList<>();
        registryAnswers(q -> Answer.to((FreezeDevice) q, Done.DONE));

        Done answer = Outcome.of(vertx.<Future<Done>>executeBlocking(() -> {
                    asking.add(Thread.currentThread().getName());
                    return bus.ask(FREEZE);
                })
                .compose(future -> future));

        assertThat(answer).isSameAs(Done.DONE);
        assertThat(asking).singleElement().asString().contains("worker");
    }

    private void registryAnswers(Function<RegistryRequest<?>, Answer<?>> handler) {
        Outcome.of(onLoop(() -> bus.answer(Address.REGISTRY, RegistryRequest.class, 4, handler::apply)));
    }

    private void adapterAnswers(Future<Reached> answer) {
        Outcome.of(onLoop(
                () -> bus.answer(ADAPTER, AdapterRequest.class, 4, q -> Answer.to((FindProgress) q, answer))));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(_ -> work.get().onComplete(done));
        return done.future();
    }
}
