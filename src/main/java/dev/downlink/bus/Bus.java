// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Request;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.eventbus.impl.MessageConsumerImpl;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.shareddata.Shareable;
import java.util.Map;
import java.util.Set;
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
    /** Within the node and by reference. */
    static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setCodecName(RecordCodec.RECORDS);

    private static final DeliveryOptions ANYWHERE = new DeliveryOptions();

    private final VertxInternal vertx;
    private final EventBus eventBus;
    private final Map<Thread, Asks> asks = new ConcurrentHashMap<>();
    /** Instances of this node that other nodes may ask too. */
    private final Set<String> here = ConcurrentHashMap.newKeySet();

    private final Counts counts;

    private Bus(VertxInternal vertx, Telemetry telemetry) {
        this.vertx = vertx;
        eventBus = vertx.eventBus();
        counts = new Counts(telemetry);
        RecordCodec.register(eventBus);
    }

    public static Bus of(Vertx vertx) {
        Telemetry telemetry = Telemetry.of(vertx);
        return (Bus) vertx.sharedData()
                .<String, Shareable>getLocalMap("downlink")
                .computeIfAbsent("bus", _ -> new Bus((VertxInternal) vertx, telemetry));
    }

    /**
     * Asks the room that is in charge of the request. Fails with {@link Failed}, always, and when its patience is over at the
     * next {@link Deadlines#TICK}.
     */
    public <R extends Record> Future<R> ask(Request<R> request) {
        return ask(Address.of(request), request);
    }

    /** Asks one instance; that of a clustered address may be on another node. Fails as {@link #ask(Request)} does. */
    public <R extends Record> Future<R> ask(Address instance, Request<R> request) {
        ContextInternal asker = vertx.getOrCreateContext();
        if (!isOnLoop(asker) || !isHere(instance)) {
            return request(instance, request);
        }
        return asks(asker).ask(asker, instance.value(), request);
    }

    private Asks asks(ContextInternal asker) {
        Asks own = asks.get(Thread.currentThread());
        return own == null
                ? asks.computeIfAbsent(Thread.currentThread(), _ -> Asks.of(asker, counts, Asks.MAX_WAITING))
                : own;
    }

    /**
     * For other nodes, and for threads that are no event loops: Vert.x makes an address and a timer for each request. It sends
     * the answer of another node straight back, whatever the cluster knows of addresses at that moment.
     */
    private <R extends Record> Future<R> request(Address instance, Request<R> request) {
        DeliveryOptions options = new DeliveryOptions(instance.clustered() ? ANYWHERE : LOCAL)
                .setSendTimeout(request.patience().toMillis());
        return eventBus.<R>request(instance.value(), request, options)
                .map(Message::body)
                .recover(e -> Future.failedFuture(counts.failed(e, instance.value(), request)));
    }

    private static boolean isOnLoop(ContextInternal context) {
        return context.isEventLoopContext() && context.inThread();
    }

    private boolean isHere(Address instance) {
        return !instance.clustered() || !vertx.isClustered() || here.contains(instance.value());
    }

    /** Answers requests at an address with at most {@code maxInHand} unanswered at a time; more get {@link Failure.Busy}. */
    public <Q extends Request<?>> Future<Void> answer(
            Address address, Class<Q> type, int maxInHand, Function<Q, Answer<?>> handler) {
        Desk<Q> desk = new Desk<>(eventBus, address, type, maxInHand, handler, counts);
        if (address.clustered()) {
            here.add(address.value());
            return open(eventBus.consumer(address.value(), desk::receive), desk);
        }
        Future<Void> open = open(eventBus.localConsumer(address.value(), desk::receive), desk);
        ContextInternal context = vertx.getOrCreateContext();
        return isOnLoop(context) ? open.compose(_ -> openNear(context, address.value(), desk)) : open;
    }

    private Future<Void> openNear(ContextInternal context, String room, Desk<?> desk) {
        String nearest = room + '@' + Thread.currentThread().threadId();
        asks(context).prefer(room, nearest);
        return open(eventBus.localConsumer(nearest, desk::receive), desk);
    }

    /** What was on its way when a room closed is told so: {@link MessageConsumerImpl} would drop it. */
    private static Future<Void> open(MessageConsumer<Object> consumer, Desk<?> desk) {
        ((MessageConsumerImpl<Object>) consumer).discardHandler(desk::discard);
        return consumer.completion();
    }

    /** Tells one instance something; nobody learns whether it arrived. */
    public void tell(Address instance, Notice notice) {
        eventBus.send(instance.value(), notice, isHere(instance) ? LOCAL : ANYWHERE);
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
        here.add(instance.value());
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

    static boolean isGone(Throwable e) {
        return e instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }
}
