// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.Product;
import dev.downlink.model.TimelineStep;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.SendMessage;
import dev.downlink.protocol.DeliveryRequest.Sent;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows;
import dev.downlink.protocol.MessageRows.Inserted;
import dev.downlink.protocol.MessageRows.SettleMessage;
import dev.downlink.protocol.Notice.MessageSettled;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.RegistryRequest.Target;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The way of a message from its application: stored first, then handed over, then waited for (northbound §2.1). */
final class Sending {
    /** A message that is not to wait for its device may be under way so long. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final String PROTOCOL = "MQTT";

    private final Bus bus;
    private final Settings.Messages settings;
    private final Handover handover;
    private final Waits waits;
    private final WakeUps wakeUps;

    Sending(Bus bus, Settings.Messages settings, Handover handover, Waits waits, WakeUps wakeUps) {
        this.bus = bus;
        this.settings = settings;
        this.handover = handover;
        this.waits = waits;
        this.wakeUps = wakeUps;
    }

    Future<Sent> send(SendMessage q) {
        return bus.ask(new FindTarget(q.project(), q.device())).compose(target -> {
            check(q, target.product());
            return store(q, target)
                    .compose(this::deliver)
                    .recover(e -> isRepeated(e) && q.repeatable() ? repeat(q, target, e) : Future.failedFuture(e));
        });
    }

    private static void check(SendMessage q, Product product) {
        if (!product.protocolType().equals(PROTOCOL)) {
            throw new Failed(new Failure.WrongProtocol(q.device(), product.protocolType()));
        }
        String topic = q.message().topic();
        boolean offered = topic == null
                || product.topic(topic)
                        .map(CustomTopic::operation)
                        .filter(CustomTopic.Operation::allowsSubscribe)
                        .isPresent();
        if (!offered) {
            throw new InvalidField(
                    "topic",
                    "'" + topic + "' is not a topic of product " + product.id() + " that its devices may subscribe");
        }
    }

    private Future<Inserted> store(SendMessage q, Target target) {
        MessageCache cache = settings.cacheOf(target.product());
        TimelineStep accepted = new TimelineStep(q.accepted(), TimelineStep.Kind.ACCEPTED, null);
        return bus.ask(new MessageRows.InsertMessage(q.project(), q.device(), q.message(), cache, GRACE, accepted))
                .onSuccess(inserted -> inserted.pushedOut().forEach(this::withdraw))
                .onFailure(e -> {
                    if (isUnknown(e)) {
                        // it may be stored all the same, and then its device is not to wait for it longer than it has
                        // to
                        wakeUps.add(target.connection());
                    }
                });
    }

    private void withdraw(MessageKey key) {
        var _ = handover.withdraw(key);
    }

    private static boolean isUnknown(Throwable e) {
        return e instanceof Failed failed
                && (failed.failure() instanceof Failure.StorageUnavailable
                        || failed.failure() instanceof Failure.NoAnswer);
    }

    private Future<Sent> deliver(Inserted inserted) {
        MessageKey key = inserted.message().key();
        Future<MessageSettled> end = waits.begin(key);
        return handover.hand(inserted)
                .compose(place -> {
                    if (place == Handover.Place.TAKEN) {
                        return end;
                    }
                    waits.giveUp(key);
                    return place == Handover.Place.WAITING
                                    && inserted.message().message().ttl() == 0
                            ? fail(key)
                            : end;
                })
                .map(settled -> new Sent(key.id(), settled.status(), inserted.created(), settled.finished()));
    }

    /** A message that is not to wait ends where its device is not connected; else the sweep would end it later. */
    private Future<MessageSettled> fail(MessageKey key) {
        return bus.ask(new SettleMessage(key, Fate.FAILED, MessageError.DEVICE_OFFLINE, List.of()))
                .map(settled -> new MessageSettled(
                        key, settled.status() == null ? MessageStatus.PENDING : settled.status(), settled.finished()))
                .otherwise(new MessageSettled(key, MessageStatus.PENDING, null));
    }

    private static boolean isRepeated(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.AlreadyExists;
    }

    private Future<Sent> repeat(SendMessage q, Target target, Throwable e) {
        MessageKey key =
                new MessageKey(target.connection(), q.device(), q.message().id());
        return bus.ask(new MessageRows.SelectMessage(key)).compose(found -> {
            var first = found.message();
            Message sent = q.message();
            return first == null || !first.message().equals(sent)
                    ? Future.failedFuture(e)
                    : Future.succeededFuture(new Sent(sent.id(), first.status(), first.created(), first.finished()));
        });
    }
}
