// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Chore;
import dev.downlink.bus.Deadlines;
import dev.downlink.bus.Holders;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest;
import dev.downlink.protocol.Notice;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Readiness;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Takes messages from applications and sees to it that each ends as DELIVERED, FAILED or TIMEOUT. */
public final class DeliveryVerticle extends VerticleBase {
    private static final int MAX_IN_HAND = 32_768;
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final Settings settings;
    private final NodeIdentity node;
    private final int instance;
    private Sending sending;
    private Settling settling;
    private Kept kept;
    private Broadcasts broadcasts;
    private Waits waits;
    private Chore expiry;
    private Chore wakeUp;

    private DeliveryVerticle(Settings settings, NodeIdentity node, int instance) {
        this.settings = settings;
        this.node = node;
        this.instance = instance;
    }

    /** Makes the instances of one node. */
    public static Supplier<DeliveryVerticle> instances(Settings settings, NodeIdentity node) {
        AtomicInteger next = new AtomicInteger();
        return () -> new DeliveryVerticle(settings, node, next.getAndIncrement());
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Telemetry telemetry = Telemetry.of(vertx);
        Address own = Address.delivery(node.id(), instance);
        Deadlines deadlines = new Deadlines(System::nanoTime);
        Holders holders = new Holders(bus, settings.registry().cacheSize());
        WakeUps wakeUps = new WakeUps(bus, telemetry.amount(MeterName.MESSAGES_WAKE_UPS_LOST));
        waits = new Waits(deadlines, settings.messages().maxWait());
        Handover handover = new Handover(bus, holders, wakeUps, own);
        sending = new Sending(bus, settings.messages(), handover, waits, wakeUps);
        settling = new Settling(bus, own, waits, telemetry);
        kept = new Kept(bus, settings.messages(), handover);
        broadcasts = new Broadcasts(bus, sending, InstantSource.system());
        vertx.setPeriodic(Deadlines.TICK.toMillis(), _ -> deadlines.expire());
        wakeUp = new Chore(vertx, "waking of connections for messages", SWEEP, wakeUps::work);
        expiry = new Chore(vertx, "ending of messages whose time is over", SWEEP, new Expiry(bus, telemetry)::work);
        Readiness.of(vertx).onStop(vertx, waits::end);
        return Future.all(
                        bus.answer(Address.DELIVERY, DeliveryRequest.class, MAX_IN_HAND, this::answer),
                        bus.hear(own, Notice.MessageSettled.class, waits::settled))
                .onSuccess(_ -> beginChores());
    }

    /** One instance of a node does what any node may do for all. */
    private void beginChores() {
        var _ = wakeUp.start();
        if (instance == 0) {
            var _ = expiry.start();
        }
    }

    private Answer<?> answer(DeliveryRequest<?> request) {
        return switch (request) {
            case DeliveryRequest.SendMessage q -> Answer.to(q, sending.send(q));
            case DeliveryRequest.ListMessages q -> Answer.to(q, kept.list(q));
            case DeliveryRequest.ShowMessage q -> Answer.to(q, kept.show(q));
            case DeliveryRequest.DeleteMessage q -> Answer.to(q, kept.delete(q));
            case DeliveryRequest.Broadcast q -> Answer.to(q, broadcasts.send(q));
            case DeliveryRequest.FetchWaiting q -> Answer.to(q, kept.waiting(q));
            case DeliveryRequest.Settle q -> Answer.to(q, settling.settle(q));
        };
    }

    /** The doors are closed by now; who still waits is told what is true: the message is stored. */
    @Override
    public Future<?> stop() {
        waits.end();
        return Future.join(expiry.stop(), wakeUp.stop());
    }
}
