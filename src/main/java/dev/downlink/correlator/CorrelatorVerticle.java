// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest;
import dev.downlink.protocol.Notice;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Matches devices' answers to the calls that wait for them. */
public final class CorrelatorVerticle extends VerticleBase {
    private final Settings settings;
    private final NodeIdentity node;
    private final int instance;
    private final Quota quota;
    private Calls calls;

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
        Deadlines deadlines = new Deadlines(System::nanoTime);
        Holders holders = new Holders(bus, settings.registry().cacheSize());
        calls = new Calls(bus, node, instance, quota, deadlines, holders);
        vertx.setPeriodic(Deadlines.TICK.toMillis(), _ -> deadlines.expire());
        int maxInHand = settings.commands().maxTotal();
        Address own = Address.correlator(node.id(), instance);
        return Future.all(
                bus.answer(Address.CORRELATOR, CorrelatorRequest.class, maxInHand, this::answer),
                bus.hear(own, Notice.AnswerArrived.class, calls::arrived));
    }

    private Answer<?> answer(CorrelatorRequest<?> request) {
        return switch (request) {
            case CorrelatorRequest.SendCommand q -> Answer.to(q, calls.send(q));
        };
    }

    /** The doors are closed by now; whoever still waits is told so. */
    @Override
    public Future<?> stop() {
        calls.abandon();
        return Future.succeededFuture();
    }
}
