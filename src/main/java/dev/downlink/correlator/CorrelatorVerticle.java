// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Deadlines;
import dev.downlink.bus.Holders;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Problem;
import dev.downlink.telemetry.Amount;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Readiness;
import dev.downlink.telemetry.Telemetry;
import dev.downlink.telemetry.Timings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Matches devices' answers to the calls that wait for them. */
public final class CorrelatorVerticle extends VerticleBase {
    private static final String SUCCESS = "success";
    /** A bug, of which the log has an incident. */
    private static final String FAILED = "internal";

    private final Settings settings;
    private final NodeIdentity node;
    private final int instance;
    private final Quota quota;
    private Calls calls;
    private Timings<String> commands;
    private Timings<String> propertiesSet;
    private Timings<String> propertiesGot;
    private Amount unclaimed;

    private CorrelatorVerticle(Settings settings, NodeIdentity node, int instance, Quota quota) {
        this.settings = settings;
        this.node = node;
        this.instance = instance;
        this.quota = quota;
    }

    /** Makes the instances of one node, which count against one common quota. */
    public static Supplier<CorrelatorVerticle> instances(Settings settings, NodeIdentity node) {
        AtomicInteger next = new AtomicInteger();
        Quota quota =
                new Quota(settings.commands().maxTotal(), settings.commands().maxPerDevice());
        return () -> new CorrelatorVerticle(settings, node, next.getAndIncrement(), quota);
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Telemetry telemetry = Telemetry.of(vertx);
        commands = telemetry.timings(MeterName.COMMANDS, outcome -> outcome);
        propertiesSet = telemetry.timings(MeterName.PROPERTIES, outcome -> outcome, "set");
        propertiesGot = telemetry.timings(MeterName.PROPERTIES, outcome -> outcome, "get");
        unclaimed = telemetry.amount(MeterName.ANSWERS_UNCLAIMED);
        telemetry.gauge(MeterName.CALLS_WAITING, quota::waiting);
        Deadlines deadlines = new Deadlines(System::nanoTime);
        Holders holders = new Holders(bus, settings.registry().cacheSize());
        Targets targets = new Targets(bus, quota, holders, settings.registry());
        calls = new Calls(bus, node, instance, quota, deadlines, targets, new Route(bus, holders));
        vertx.setPeriodic(Deadlines.TICK.toMillis(), _ -> deadlines.expire());
        Readiness.of(vertx).onStop(vertx, this::endSoon);
        int maxInHand = settings.commands().maxTotal();
        Address own = Address.correlator(node.id(), instance);
        return targets.hear()
                .compose(_ -> Future.all(
                        bus.answer(Address.CORRELATOR, CorrelatorRequest.class, maxInHand, this::answer),
                        bus.hear(own, Notice.AnswerArrived.class, this::arrived)));
    }

    private Answer<?> answer(CorrelatorRequest<?> request) {
        return switch (request) {
            case CorrelatorRequest.SendCommand q -> Answer.to(q, measured(commands, () -> calls.send(q)));
            case CorrelatorRequest.SetProperties q -> Answer.to(q, measured(propertiesSet, () -> calls.send(q)));
            case CorrelatorRequest.GetProperties q -> Answer.to(q, measured(propertiesGot, () -> calls.send(q)));
        };
    }

    private void arrived(Notice.AnswerArrived notice) {
        if (!calls.arrived(notice)) {
            unclaimed.one();
        }
    }

    private static <T> Future<T> measured(Timings<String> outcomes, Supplier<Future<T>> call) {
        long begun = System.nanoTime();
        Future<T> answer;
        try {
            answer = call.get();
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        return answer.onComplete(result ->
                outcomes.record(result.succeeded() ? SUCCESS : outcome(result.cause()), System.nanoTime() - begun));
    }

    private static String outcome(Throwable e) {
        return e instanceof Failed failed ? Problem.of(failed.failure()).reason() : FAILED;
    }

    /** Calls may wait as long as is usual; those that were given longer are told before their callers' connections close. */
    private void endSoon() {
        vertx.setTimer(settings.commands().timeout().toMillis(), _ -> calls.abandon());
    }

    /** The doors are closed by now; whoever still waits is told so. */
    @Override
    public Future<?> stop() {
        calls.abandon();
        return Future.succeededFuture();
    }
}
