// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Request;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.shareddata.Shareable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Typed ask, answer, tell and hear. One per Vert.x instance, safe for all threads; what a room registers runs on the
 * context it registers from.
 *
 * <p>A room may have an instance on every event loop. A request goes to the instance on the asker's own loop when there is
 * one, because that costs no thread switch. Within a process, requests and notices between event loops do not take Vert.x's
 * event bus at all ({@link Corner}).
 */
public final class Bus implements Shareable {
    private static final DeliveryOptions ANYWHERE = new DeliveryOptions();
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final VertxInternal vertx;
    private final EventBus eventBus;
    /** By thread. */
    private final Map<Long, Corner> corners = new ConcurrentHashMap<>();
    /** Of this process, at addresses of their own. */
    private final Map<Address, Desk<?>> instances = new ConcurrentHashMap<>();

    private final Map<Address, Ear<?>> ears = new ConcurrentHashMap<>();

    private Bus(Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
        eventBus = vertx.eventBus();
        RecordCodec.register(eventBus);
    }

    public static Bus of(Vertx vertx) {
        return (Bus) vertx.sharedData()
                .<String, Shareable>getLocalMap("downlink")
                .computeIfAbsent("bus", _ -> new Bus(vertx));
    }

    /** Asks the room that is in charge of the request. Fails with {@link Failed}, always, and never later than its patience. */
    public <R extends Record> Future<R> ask(Request<R> request) {
        Address room = Address.of(request);
        Corner corner = Corner.of(vertx, corners);
        Desk<?> nearest = corner == null ? null : corner.room(room);
        return corner == null || nearest == null
                ? send(room.value(), request, LOCAL)
                : corner.ask(nearest, room, request);
    }

    /** Asks one instance, which may be on another node. Fails as {@link #ask(Request)} does. */
    public <R extends Record> Future<R> ask(Address instance, Request<R> request) {
        Desk<?> here = instances.get(instance);
        Corner corner = here != null && here.isOpen() ? Corner.of(vertx, corners) : null;
        return here == null || corner == null
                ? send(instance.value(), request, ANYWHERE)
                : corner.ask(here, instance, request);
    }

    private <R extends Record> Future<R> send(String address, Request<R> request, DeliveryOptions how) {
        DeliveryOptions options =
                new DeliveryOptions(how).setSendTimeout(request.patience().toMillis());
        return eventBus.<R>request(address, request, options)
                .map(Message::body)
                .recover(e -> Future.failedFuture(failed(e, address, request)));
    }

    /** Answers requests at an address with at most {@code maxInHand} unanswered at a time; more get {@link Failure.Busy}. */
    public <Q extends Request<?>> Future<Void> answer(
            Address address, Class<Q> type, int maxInHand, Function<Q, Answer<?>> handler) {
        MessageConsumer<Q> consumer =
                address.clustered() ? eventBus.consumer(address.value()) : eventBus.localConsumer(address.value());
        Desk<Q> desk = new Desk<>(vertx.getOrCreateContext(), address, type, maxInHand, handler, consumer);
        Future<Void> opened = desk.open();
        Corner corner = Corner.of(vertx, corners);
        if (corner != null && address.clustered()) {
            instances.put(address, desk);
        } else if (corner != null) {
            corner.add(address, desk);
        }
        return opened;
    }

    /** Tells one instance something; nobody learns whether it arrived. */
    public void tell(Address instance, Notice notice) {
        Ear<?> here = ears.get(instance);
        if (here != null && here.consumer.isRegistered()) {
            here.tell(notice);
        } else {
            eventBus.send(instance.value(), notice);
        }
    }

    /** Tells everybody in the cluster who listens for this type of event. */
    public void publish(Notice.Event event) {
        eventBus.publish(topic(event.getClass()), event);
    }

    /** Receives what is told to an instance's address; such an address answers no requests. */
    public <N extends Notice> Future<Void> hear(Address instance, Class<N> type, Consumer<N> listener) {
        MessageConsumer<N> consumer = eventBus.consumer(instance.value(), m -> listener.accept(type.cast(m.body())));
        if (Corner.of(vertx, corners) != null) {
            ears.put(instance, new Ear<>(vertx.getOrCreateContext(), type, listener, consumer));
        }
        return consumer.completion();
    }

    /** Receives events of a type from the whole cluster. */
    public <E extends Notice.Event> Future<Void> hear(Class<E> type, Consumer<E> listener) {
        MessageConsumer<E> consumer = eventBus.consumer(topic(type), m -> listener.accept(type.cast(m.body())));
        return consumer.completion();
    }

    private static String topic(Class<?> event) {
        return "event/" + event.getSimpleName();
    }

    private static boolean isGone(Throwable e) {
        return e instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    private static Failed failed(Throwable e, String address, Request<?> request) {
        String name = request.getClass().getSimpleName();
        return switch (e) {
            case Refusal refusal -> new Failed(refusal.failure());
            case ReplyException reply when isGone(reply) -> new Failed(new Failure.NobodyThere(address));
            case ReplyException _ -> new Failed(new Failure.NoAnswer(address, name));
            default -> new Failed(Incidents.failure(e, name));
        };
    }

    /** Who hears what is told to an instance of this process. */
    private record Ear<N extends Notice>(
            Context owner, Class<N> type, Consumer<N> listener, MessageConsumer<N> consumer) {
        void tell(Notice notice) {
            owner.runOnContext(_ -> listener.accept(type.cast(notice)));
        }
    }
}
