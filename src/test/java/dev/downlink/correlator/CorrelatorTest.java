// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.model.CallKind;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Presence;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceProperties;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.DeliverCall;
import dev.downlink.protocol.AdapterRequest.FindProgress;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.GetProperties;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.RegistryRequest.Target;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.SessionRows.SelectPresence;
import dev.downlink.protocol.SessionRows.Whereabouts;
import dev.downlink.support.Outcome;
import dev.downlink.support.Samples;
import dev.downlink.support.TestSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The room on a real Vert.x; registry, repository and adapters are played by the test. */
class CorrelatorTest {
    private static final DeviceId DEVICE = new DeviceId("WaterMeter_0001");
    private static final DeviceId OTHER = new DeviceId("WaterMeter_0002");
    private static final Json ON = new Json("{\"result_code\":0}");
    private static final ProjectId PROJECT = new ProjectId("project");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Address HERE = Address.mqtt(1, 0);
    private static final Address THERE = Address.mqtt(2, 0);

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.of(vertx);
    private final NodeIdentity node = new NodeIdentity(1, "test");
    private final AtomicInteger lookUps = new AtomicInteger();
    private final AtomicInteger targets = new AtomicInteger();
    private final List<DeliverCall> delivered = new CopyOnWriteArrayList<>();
    private final List<CallKind> asked = new CopyOnWriteArrayList<>();

    private volatile DeviceId connection = DEVICE;
    private volatile boolean frozen;
    private volatile Presence presence = connectedAt(HERE, 1);
    private String deployment;

    @BeforeEach
    void deploy() {
        Outcome.of(bus.answer(Address.REGISTRY, RegistryRequest.class, 100, q -> target((FindTarget) q)));
        Outcome.of(bus.answer(Address.REPOSITORY, RepositoryRequest.class, 100, q -> {
            lookUps.incrementAndGet();
            Future<Void> found = slowLookUp == null ? Future.succeededFuture() : slowLookUp.future();
            return Answer.to((SelectPresence) q, found.map(_ -> new Whereabouts(presence)));
        }));
        var settings = TestSettings.of("COMMANDS_MAX_PER_DEVICE", "2", "COMMANDS_MAX_TOTAL", "3");
        deployment = Outcome.of(vertx.deployVerticle(
                CorrelatorVerticle.instances(settings, node).get()));
    }

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    @Test
    void answerOfTheDeviceIsPassedOn() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));

        Answered answered = Outcome.of(send());

        assertThat(answered.response()).isEqualTo(ON);
        assertThat(answered.request()).isEqualTo(delivered.getFirst().request());
    }

    @Test
    void answerBeforeThePublishIsConfirmedCounts() {
        adapter(HERE, call -> {
            tell(call.request(), DEVICE, CallKind.COMMAND);
            return Promise.<AdapterRequest.Published>promise().future();
        });

        assertThat(Outcome.of(send()).response()).isEqualTo(ON);
    }

    @Test
    void holderIsRemembered() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));
        Outcome.of(send());

        Outcome.of(send());

        assertThat(lookUps).hasValue(1);
    }

    @Test
    void registryIsAskedOnceUntilItForgets() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));
        Outcome.of(send());
        Outcome.of(send());
        int before = targets.get();
        frozen = true;

        bus.publishHere(new Notice.Forgotten(new Notice.DeviceChanged(DEVICE)));

        assertThat(Outcome.failure(send())).isEqualTo(new Failure.DeviceFrozen(DEVICE));
        assertThat(before).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("changesThatMatter")
    void whatWasAskedForBeforeAChangeIsNotRemembered(Notice.Change change) {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));
        slowTarget = Promise.promise();
        Future<Answered> early = send();
        Awaitility.await().until(() -> targets.get() == 1);
        bus.publishHere(new Notice.Forgotten(change));
        slowTarget.complete();
        Outcome.of(early);

        Outcome.of(send());

        assertThat(targets).hasValue(2);
    }

    static Stream<Notice.Change> changesThatMatter() {
        return Stream.of(
                new Notice.DeviceChanged(DEVICE),
                new Notice.ProductChanged(PROJECT, new ProductId("product")),
                new Notice.NodeJoined(2));
    }

    @Test
    void deviceBehindAGatewayIsAskedForEachTime() {
        connection = OTHER;
        adapter(HERE, call -> answer(call, OTHER, CallKind.COMMAND));
        Outcome.of(send());

        Outcome.of(send());

        assertThat(targets).hasValue(2);
    }

    @Test
    void rememberedDeviceIsNotAnotherProjects() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));
        Outcome.of(send());

        var _ = bus.ask(new SendCommand(new ProjectId("other"), DEVICE, null, null, Map.of("a", 1), SOON));

        Awaitility.await().until(() -> targets.get() == 2);
    }

    @Test
    void callFollowsADeviceThatMoved() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));
        adapter(THERE, call -> answer(call, DEVICE, CallKind.COMMAND));
        Outcome.of(send());
        presence = connectedAt(THERE, 2);
        gone = HERE;

        Answered answered = Outcome.of(send());

        assertThat(answered.response()).isEqualTo(ON);
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void subDeviceIsReachedThroughItsGateway() {
        connection = OTHER;
        adapter(HERE, call -> answer(call, OTHER, CallKind.COMMAND));

        Outcome.of(send());

        DeliverCall call = delivered.getFirst();
        assertThat(call.connection()).isEqualTo(OTHER);
        assertThat(call.call().device()).isEqualTo(DEVICE);
    }

    @Test
    void answerOfAnotherDeviceIsNoAnswer() {
        adapter(HERE, call -> answer(call, OTHER, CallKind.COMMAND));

        assertThat(Outcome.failure(send(Duration.ofMillis(300)))).isInstanceOf(Failure.CallTimedOut.class);
    }

    @Test
    void answerOfAnotherKindIsNoAnswer() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.PROPERTIES_SET));

        assertThat(Outcome.failure(send(Duration.ofMillis(300)))).isInstanceOf(Failure.CallTimedOut.class);
    }

    @Test
    void lateAnswerCompletesNothing() {
        adapter(HERE, this::published);
        assertThat(Outcome.failure(send(Duration.ofMillis(200)))).isInstanceOf(Failure.CallTimedOut.class);
        tell(delivered.getFirst().request(), DEVICE, CallKind.COMMAND);
        adapterAnswers = true;

        Answered next = Outcome.of(send());

        assertThat(next.request()).isNotEqualTo(delivered.getFirst().request());
    }

    @Test
    void silentDeviceTimesOutWithHowFarTheCallCame() {
        adapter(HERE, this::published);

        Failure failure = Outcome.failure(send(Duration.ofMillis(200)));

        assertThat(failure)
                .isEqualTo(
                        new Failure.CallTimedOut(delivered.getFirst().request(), Failure.Progress.NOT_ACKNOWLEDGED, 0));
    }

    @Test
    void adapterThatSaysNothingLeavesTheProgressUnknown() {
        adapter(HERE, _ -> Promise.<AdapterRequest.Published>promise().future());

        Failure failure = Outcome.failure(send(Duration.ofMillis(200)));

        assertThat(((Failure.CallTimedOut) failure).progress()).isEqualTo(Failure.Progress.UNKNOWN);
    }

    @Test
    void callWhoseTimeIsUpBeforeTheDeviceIsFoundIsNotPublished() {
        adapter(HERE, this::published);
        slowLookUp = Promise.promise();

        Failure failure = Outcome.failure(send(Duration.ofMillis(100)));
        slowLookUp.complete();
        adapterAnswers = true;
        slowLookUp = null;
        Outcome.of(send());

        assertThat(((Failure.CallTimedOut) failure).progress()).isEqualTo(Failure.Progress.NOT_PUBLISHED);
        assertThat(delivered).hasSize(1);
    }

    @Test
    void callWhoseTimeIsUpBeforeItsTargetIsKnownIsNotPublished() {
        adapter(HERE, this::published);
        slowTarget = Promise.promise();

        Future<Answered> late = send(Duration.ZERO);
        slowTarget.complete();

        assertThat(((Failure.CallTimedOut) Outcome.failure(late)).progress()).isEqualTo(Failure.Progress.NOT_PUBLISHED);
        assertThat(delivered).isEmpty();
    }

    @Test
    void offlineDeviceIsToldAtOnce() {
        presence = new Presence(DEVICE, null, Instant.EPOCH, Instant.EPOCH);

        assertThat(Outcome.failure(send())).isEqualTo(new Failure.DeviceOffline(DEVICE));
    }

    @Test
    void deviceThatWasNeverConnectedIsTold() {
        presence = null;

        assertThat(Outcome.failure(send())).isEqualTo(new Failure.DeviceNeverConnected(DEVICE));
    }

    @Test
    void gatewayThatIsOfflineIsTold() {
        connection = OTHER;
        presence = null;

        assertThat(Outcome.failure(send())).isEqualTo(new Failure.GatewayOffline(DEVICE, OTHER));
    }

    @Test
    void frozenDeviceIsTold() {
        frozen = true;

        assertThat(Outcome.failure(send())).isEqualTo(new Failure.DeviceFrozen(DEVICE));
    }

    @Test
    void holderThatIsGoneForGoodIsANodeLost() {
        assertThat(Outcome.failure(send())).isEqualTo(new Failure.NodeLost(DEVICE));
    }

    @Test
    void holderThatDeniesIsAnOfflineDevice() {
        adapter(HERE, _ -> Future.failedFuture(new Failed(new Failure.NotHere(DEVICE))));

        assertThat(Outcome.failure(send())).isEqualTo(new Failure.DeviceOffline(DEVICE));
        assertThat(delivered).hasSize(1);
    }

    @Test
    void refusalOfTheAdapterIsPassedOn() {
        Failure refusal = new Failure.NotSubscribed(DEVICE, "$oc/…");
        adapter(HERE, _ -> Future.failedFuture(new Failed(refusal)));

        assertThat(Outcome.failure(send())).isEqualTo(refusal);
    }

    @Test
    void commandThatIsNotInTheModelIsNotSent() {
        adapter(HERE, this::published);
        var command = new SendCommand(
                new ProjectId("project"), DEVICE, "WaterMeter", "NOTHING", Map.of(), Duration.ofSeconds(1));

        Failure failure = Outcome.failure(bus.ask(command));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        Failure.ModelViolation.class, f -> assertThat(f.field()).isEqualTo("command_name"));
        assertThat(delivered).isEmpty();
    }

    @Test
    void propertiesAreSetAndAskedForInTheWayOfCommands() {
        adapter(HERE, call -> answer(call, DEVICE, call.call().kind()));
        List<ServiceProperties> services = List.of(new ServiceProperties("WaterMeter", Map.of("level", 1)));

        Answered set = Outcome.of(bus.ask(new SetProperties(PROJECT, DEVICE, services, SOON)));
        Answered got = Outcome.of(bus.ask(new GetProperties(PROJECT, DEVICE, "WaterMeter", SOON)));

        assertThat(delivered)
                .extracting(DeliverCall::call)
                .containsExactly(
                        new AdapterRequest.PropertiesSet(DEVICE, services),
                        new AdapterRequest.PropertiesGet(DEVICE, "WaterMeter"));
        assertThat(List.of(set, got))
                .containsExactly(
                        new Answered(delivered.get(0).request(), ON),
                        new Answered(delivered.get(1).request(), ON));
    }

    @Test
    void answerToASetIsNoAnswerToAGet() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.PROPERTIES_SET));
        var get = new GetProperties(PROJECT, DEVICE, "WaterMeter", Duration.ofMillis(300));

        assertThat(Outcome.failure(bus.ask(get))).isInstanceOf(Failure.CallTimedOut.class);
        assertThat(asked).containsExactly(CallKind.PROPERTIES_GET);
    }

    @Test
    void propertiesThatAreNotInTheModelAreNotSent() {
        adapter(HERE, this::published);
        List<ServiceProperties> unknown = List.of(new ServiceProperties("WaterMeter", Map.of("nothing", 1)));

        Failure set = Outcome.failure(bus.ask(new SetProperties(PROJECT, DEVICE, unknown, SOON)));
        Failure get = Outcome.failure(bus.ask(new GetProperties(PROJECT, DEVICE, "Nothing", SOON)));

        assertThat(List.of(set, get))
                .extracting(failure -> ((Failure.ModelViolation) failure).field())
                .containsExactly("services[0].properties.nothing", "service_id");
        assertThat(delivered).isEmpty();
    }

    @Test
    void deviceHasABoundedNumberOfCalls() {
        adapter(HERE, this::published);
        List<Future<Answered>> waiting = List.of(send(), send());
        Awaitility.await().until(() -> delivered.size() == waiting.size());

        Failure failure = Outcome.failure(send());

        assertThat(failure).isEqualTo(new Failure.TooManyCalls(DEVICE, 2));
    }

    @Test
    void allDevicesTogetherHaveABoundedNumberOfCalls() {
        adapter(HERE, this::published);
        List<Future<Answered>> waiting = List.of(send(), send(), sendTo(OTHER));
        Awaitility.await().until(() -> delivered.size() == waiting.size());

        assertThat(Outcome.failure(sendTo(OTHER))).isEqualTo(new Failure.Busy("correlator"));
    }

    @Test
    void placeOfAnAnsweredCallIsFreeAgain() {
        adapter(HERE, call -> answer(call, DEVICE, CallKind.COMMAND));

        for (int i = 0; i < 10; i++) {
            assertThat(Outcome.of(send()).response()).isEqualTo(ON);
        }
    }

    @Test
    void stopEndsEveryWait() {
        adapter(HERE, this::published);
        List<Future<Answered>> waiting = new ArrayList<>(List.of(send(), send()));
        Awaitility.await().until(() -> delivered.size() == waiting.size());

        Outcome.of(vertx.undeploy(deployment));

        for (Future<Answered> call : waiting) {
            assertThat(Outcome.failure(call)).isEqualTo(new Failure.ShuttingDown());
        }
    }

    // what the test plays

    private volatile Address gone;
    private volatile boolean adapterAnswers;
    private volatile Promise<Void> slowLookUp;
    private volatile Promise<Void> slowTarget;

    private Answer<?> target(FindTarget q) {
        targets.incrementAndGet();
        DeviceId holds = q.device().equals(DEVICE) ? connection : q.device();
        Future<Void> found = slowTarget == null ? Future.succeededFuture() : slowTarget.future();
        return Answer.to(q, found.map(_ -> new Target(device(), Samples.product(), holds, frozen)));
    }

    private static Device device() {
        Device sample = (Device) Samples.of(Device.class);
        return new Device(
                sample.recordId(),
                PROJECT,
                sample.space(),
                sample.product(),
                DEVICE,
                sample.node(),
                null,
                null,
                null,
                sample.auth(),
                null,
                false,
                Instant.EPOCH,
                1);
    }

    private void adapter(Address address, Function<DeliverCall, Future<AdapterRequest.Published>> publish) {
        Outcome.of(bus.answer(address, AdapterRequest.class, 100, q -> switch ((AdapterRequest<?>) q) {
            case DeliverCall call
            when address.equals(gone) ->
                Answer.to(call, Future.failedFuture(new Failed(new Failure.NotHere(call.connection()))));
            case DeliverCall call -> {
                delivered.add(call);
                yield Answer.to(call, publish.apply(call));
            }
            case FindProgress p -> {
                asked.add(p.kind());
                yield Answer.to(p, new AdapterRequest.Reached(Failure.Progress.NOT_ACKNOWLEDGED));
            }
            case AdapterRequest.DeliverMessage _,
                    AdapterRequest.WakeConnection _,
                    AdapterRequest.NotifyGateway _,
                    AdapterRequest.WithdrawMessage _,
                    AdapterRequest.CloseConnection _ -> throw new AssertionError("not asked here: " + q);
        }));
    }

    private Future<AdapterRequest.Published> published(DeliverCall call) {
        return adapterAnswers
                ? answer(call, DEVICE, CallKind.COMMAND)
                : Future.succeededFuture(new AdapterRequest.Published(1));
    }

    private Future<AdapterRequest.Published> answer(DeliverCall call, DeviceId from, CallKind kind) {
        tell(call.request(), from, kind);
        return Future.succeededFuture(new AdapterRequest.Published(1));
    }

    private void tell(RequestId request, DeviceId from, CallKind kind) {
        bus.tell(
                Address.correlator(request.node(), request.instance()),
                new Notice.AnswerArrived(request, from, kind, ON));
    }

    private Future<Answered> send() {
        return send(Duration.ofSeconds(20));
    }

    private Future<Answered> send(Duration limit) {
        return bus.ask(new SendCommand(new ProjectId("project"), DEVICE, null, null, Map.of("a", 1), limit));
    }

    private Future<Answered> sendTo(DeviceId device) {
        return bus.ask(
                new SendCommand(new ProjectId("project"), device, null, null, Map.of("a", 1), Duration.ofSeconds(20)));
    }

    private static Presence connectedAt(Address address, long epoch) {
        return new Presence(DEVICE, new Presence.Holder(address.value(), epoch), Instant.EPOCH, Instant.EPOCH);
    }
}
