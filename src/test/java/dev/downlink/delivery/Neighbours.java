// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.Presence;
import dev.downlink.model.Product;
import dev.downlink.model.SpaceId;
import dev.downlink.model.StoredMessage;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows;
import dev.downlink.protocol.QueuedMessage;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.SessionRows;
import dev.downlink.protocol.SpaceRequest;
import dev.downlink.protocol.SpaceRows;
import dev.downlink.support.Outcome;
import dev.downlink.support.Samples;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Registry, repository and adapters as delivery sees them. All they are asked is kept in {@link #asked}, in order. */
final class Neighbours {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final SpaceId SPACE = new SpaceId("space");

    final List<Object> asked = new CopyOnWriteArrayList<>();
    final Queue<MessageRows.Expired> expired = new ConcurrentLinkedQueue<>();
    final AtomicLong sequence = new AtomicLong();
    volatile Product product = Samples.product();
    volatile Presence.Holder holder;
    volatile Failure insertFails;
    volatile List<MessageKey> pushedOut = List.of();
    volatile StoredMessage stored;
    volatile List<MessageRows.Listener> listeners = List.of();
    volatile MessageStatus settled = MessageStatus.DELIVERED;

    private final Bus bus;

    Neighbours(Bus bus) {
        this.bus = bus;
        Outcome.of(bus.answer(Address.REGISTRY, RegistryRequest.class, 1000, this::registry));
        Outcome.of(bus.answer(Address.REPOSITORY, RepositoryRequest.class, 1000, q -> {
            asked.add(q);
            return repository(q);
        }));
    }

    /** Opens an adapter that does with messages as told. */
    void adapter(Address address, Function<DeliverMessage, Future<Done>> deliver) {
        Outcome.of(bus.answer(address, AdapterRequest.class, 1000, q -> {
            asked.add(q);
            return switch ((AdapterRequest<?>) q) {
                case DeliverMessage d -> Answer.to(d, deliver.apply(d));
                case AdapterRequest.WakeConnection w -> Answer.to(w, Done.DONE);
                case AdapterRequest.WithdrawMessage w -> Answer.to(w, Done.DONE);
                default -> throw new AssertionError(q);
            };
        }));
    }

    <T> List<T> asked(Class<T> type) {
        return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private Answer<?> registry(RegistryRequest<?> request) {
        return switch (request) {
            case RegistryRequest.FindTarget q ->
                Answer.to(q, new RegistryRequest.Target((Device) Samples.of(Device.class), product, q.device(), false));
            case SpaceRequest.ShowSpace q ->
                Answer.to(q, Future.failedFuture(new Failed(new Failure.SpaceNotFound(q.id()))));
            default -> throw new AssertionError(request);
        };
    }

    private Answer<?> repository(RepositoryRequest<?> request) {
        return switch (request) {
            case SessionRows.SelectPresence q -> Answer.to(q, new SessionRows.Whereabouts(presence(q.device())));
            case SpaceRows.ListSpaces q ->
                Answer.to(
                        q,
                        new SpaceRows.Spaces(
                                List.of(new dev.downlink.model.Space(q.project(), SPACE, "default", true, NOON))));
            case MessageRows.InsertMessage q -> Answer.to(q, insert(q));
            case MessageRows.SettleMessage q ->
                Answer.to(
                        q,
                        new MessageRows.Settled(
                                q.fate() == DeliveryRequest.Fate.FAILED ? MessageStatus.FAILED : settled, NOON));
            case MessageRows.SelectMessage q -> Answer.to(q, new DeliveryRequest.MaybeMessage(stored));
            case MessageRows.SelectMessages q ->
                Answer.to(q, new DeliveryRequest.Messages(q.device(), List.of(stored)));
            case MessageRows.DeleteMessageRow q -> Answer.to(q, Done.DONE);
            case MessageRows.SelectWaiting q -> Answer.to(q, new DeliveryRequest.Waiting(List.of(), false));
            case MessageRows.ExpireMessages q -> {
                MessageRows.Expired next = expired.poll();
                yield Answer.to(q, next == null ? new MessageRows.Expired(0, false) : next);
            }
            case MessageRows.SelectListeners q -> Answer.to(q, page(q));
            default -> throw new AssertionError(request);
        };
    }

    private Future<MessageRows.Inserted> insert(MessageRows.InsertMessage q) {
        if (insertFails != null) {
            return Future.failedFuture(new Failed(insertFails));
        }
        MessageKey key = new MessageKey(q.device(), q.device(), q.message().id());
        QueuedMessage queued =
                new QueuedMessage(key, sequence.incrementAndGet(), q.message(), Duration.ofMinutes(5), null);
        return Future.succeededFuture(new MessageRows.Inserted(queued, 0, NOON, pushedOut));
    }

    private MessageRows.Listeners page(MessageRows.SelectListeners q) {
        return new MessageRows.Listeners(listeners.stream()
                .filter(one -> q.after() == null
                        || one.device().value().compareTo(q.after().value()) > 0)
                .limit(q.limit())
                .toList());
    }

    private Presence presence(DeviceId device) {
        return new Presence(device, holder, NOON, NOON);
    }
}
