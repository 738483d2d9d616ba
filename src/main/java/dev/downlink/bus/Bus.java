// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Request;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
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
 * one, because that costs no thread switch.
 */
public final class Bus implements Shareable {
    private static final DeliveryOptions ANYWHERE = new DeliveryOptions();
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final EventBus eventBus;
    private final Map<Near, String> near = new ConcurrentHashMap<>();

    private Bus(Vertx vertx) {
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
        String nearest = near.get(new Near(room, Thread.currentThread().threadId()));
        Future<R> answer = nearest == null
                ? send(room.value(), request, LOCAL)
                : this.<R>send(nearest, request, LOCAL)
                        .recover(e -> isGone(e) ? send(room.value(), request, LOCAL) : Future.failedFuture(e));
        return answer.recover(e -> Future.failedFuture(failed(e, room.value(), request)));
    }

    /** Asks one instance, which may be on another node. Fails as {@link #ask(Request)} does. */
    public <R extends Record> Future<R> ask(Address instance, Request<R> request) {
        return this.<R>send(instance.value(), request, ANYWHERE)
                .recover(e -> Future.failedFuture(failed(e, instance.value(), request)));
    }

    private <R extends Record> Future<R> send(String address, Request<R> request, DeliveryOptions how) {
        DeliveryOptions options =
                new DeliveryOptions(how).setSendTimeout(request.patience().toMillis());
        return eventBus.<R>request(address, request, options).map(Message::body);
    }

    /** Answers requests at an address with at most {@code maxInHand} unanswered at a time; more get {@link Failure.Busy}. */
    public <Q extends Request<?>> Future<Void> answer(
            Address address, Class<Q> type, int maxInHand, Function<Q, Answer<?>> handler) {
        Desk<Q> desk = new Desk<>(address, type, maxInHand, handler);
        if (address.clustered()) {
            return eventBus.<Q>consumer(address.value(), desk::receive).completion();
        }
        String nearest = address.value() + '@' + Thread.currentThread().threadId();
        near.put(new Near(address, Thread.currentThread().threadId()), nearest);
        eventBus.<Q>localConsumer(nearest, desk::receive);
        return eventBus.<Q>localConsumer(address.value(), desk::receive).completion();
    }

    /** Tells one instance something; nobody learns whether it arrived. */
    public void tell(Address instance, Notice notice) {
        eventBus.send(instance.value(), notice);
    }

    /** Tells everybody in the cluster who listens for this type of event. */
    public void publish(Notice.Event event) {
        eventBus.publish(topic(event.getClass()), event);
    }

    /** Tells everybody on this node who listens for this type of event. */
    public void publishHere(Notice.Event event) {
        eventBus.publish(topic(event.getClass()), event, LOCAL);
    }

    /** Receives what is told to an instance's address; such an address answers no requests. */
    public <N extends Notice> Future<Void> hear(Address instance, Class<N> type, Consumer<N> listener) {
        return eventBus.<N>consumer(instance.value(), m -> accept(m, type, listener))
                .completion();
    }

    /** Receives events of a type from the whole cluster. */
    public <E extends Notice.Event> Future<Void> hear(Class<E> type, Consumer<E> listener) {
        MessageConsumer<E> consumer = eventBus.consumer(topic(type), m -> accept(m, type, listener));
        return consumer.completion();
    }

    /** What cannot be read, since it comes from a later version, is logged where that is found out. */
    private static <N extends Notice> void accept(Message<N> message, Class<N> type, Consumer<N> listener) {
        Object body = message.body();
        if (type.isInstance(body)) {
            listener.accept(type.cast(body));
        }
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

    private record Near(Address room, long thread) {}
}
