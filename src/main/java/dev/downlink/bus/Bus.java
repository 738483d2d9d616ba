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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Typed ask, answer, tell and hear. One per Vert.x instance, safe for all threads; what a room registers runs on the
 * context it registers from.
 *
 * <p>A room may have an instance on every event loop. A request goes to the instance on the asker's own loop when there is
 * one, because that costs no thread switch. What goes from loop to loop of a node travels together ({@link Loop}).
 */
public final class Bus implements Shareable {
    /** Within the node and by reference. */
    static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setCodecName(RecordCodec.RECORDS);

    private static final DeliveryOptions ANYWHERE = new DeliveryOptions();

    private final VertxInternal vertx;
    private final EventBus eventBus;
    private final Map<Thread, Asks> asks = new ConcurrentHashMap<>();
    /** Instances of this node that other nodes may ask too, by address. */
    private final Map<String, Desk<?>> desks = new ConcurrentHashMap<>();
    /** The same of those that are told something. */
    private final Map<String, Ear<?>> ears = new ConcurrentHashMap<>();

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
        if (!isOnLoop(asker)) {
            return request(instance, request);
        }
        Asks own = asks(asker);
        Desk<?> desk = instance.clustered() ? desks.get(instance.value()) : own.near(instance.value());
        return desk == null && instance.clustered() && vertx.isClustered()
                ? request(instance, request)
                : own.ask(asker, desk, instance.value(), request);
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

    /** Answers requests at an address with at most {@code maxInHand} unanswered at a time; more get {@link Failure.Busy}. */
    public <Q extends Request<?>> Future<Void> answer(
            Address address, Class<Q> type, int maxInHand, Function<Q, Answer<?>> handler) {
        ContextInternal context = vertx.getOrCreateContext();
        Asks asks = isOnLoop(context) ? asks(context) : null;
        Loop loop = asks == null ? null : asks.loop();
        Desk<Q> desk = new Desk<>(address, type, maxInHand, handler, context, loop, counts);
        if (address.clustered()) {
            desks.put(address.value(), desk);
        } else if (asks != null) {
            asks.prefer(address.value(), desk);
        }
        onClose(context, () -> {
            desk.close();
            desks.remove(address.value(), desk);
        });
        MessageConsumer<Object> consumer = address.clustered()
                ? eventBus.consumer(address.value(), desk::receive)
                : eventBus.localConsumer(address.value(), desk::receive);
        // what was on its way when a room closed is told so: MessageConsumerImpl would drop it
        ((MessageConsumerImpl<Object>) consumer).discardHandler(desk::discard);
        return consumer.completion();
    }

    /** When a verticle is gone, nothing may reach it any more; other contexts live as long as the Vert.x. */
    private static void onClose(ContextInternal context, Runnable hook) {
        if (context.isDeployment()) {
            context.addCloseHook(done -> {
                hook.run();
                done.succeed();
            });
        }
    }

    /** Tells one instance something; nobody learns whether it arrived. */
    public void tell(Address instance, Notice notice) {
        Ear<?> ear = ears.get(instance.value());
        Loop there = ear == null ? null : ear.loop();
        ContextInternal teller = vertx.getOrCreateContext();
        if (ear != null && there != null && isOnLoop(teller)) {
            asks(teller).loop().send(there, new Batch.News(ear, notice));
        } else {
            eventBus.send(instance.value(), notice, ear == null ? ANYWHERE : LOCAL);
        }
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
        ContextInternal context = vertx.getOrCreateContext();
        Loop loop = isOnLoop(context) ? asks(context).loop() : null;
        Ear<N> ear = new Ear<>(type, listener, context, loop);
        ears.put(instance.value(), ear);
        onClose(context, () -> {
            ear.close();
            ears.remove(instance.value(), ear);
        });
        return eventBus.<N>consumer(instance.value(), ear::receive).completion();
    }

    /** Receives events of a type from the whole cluster. */
    public <E extends Notice.Event> Future<Void> hear(Class<E> type, Consumer<E> listener) {
        Ear<E> ear = new Ear<>(type, listener, vertx.getOrCreateContext(), null);
        return eventBus.<E>consumer(topic(type), ear::receive).completion();
    }

    private static String topic(Class<?> event) {
        return "event/" + event.getSimpleName();
    }

    static boolean isGone(Throwable e) {
        return e instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }
}
