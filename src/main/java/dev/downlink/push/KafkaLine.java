// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * A producer with a thread of its own, since the client waits where it must not, on sending too; no virtual one, since looking up
 * a name holds what carries it. It lives until the first record fails, until nothing was sent for a while, or until it is told to
 * stop; then each record that it was given is settled, and it is over.
 *
 * <p>That the first failure ends it keeps the order of each key: what was given to the producer after the failed record is never
 * sent, since the producer is closed by the very call that tells of the failure, and it sends one request at a time to a broker.
 * It also makes the producer anew after an error from which it does not recover.
 *
 * <p>Its methods are for the event loop of the sink, which bounds what is in it.
 */
final class KafkaLine {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final KafkaAccess access;
    private final KafkaErrors errors;
    private final ToEventLoop loop;
    private final Settling settling;
    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private final AtomicBoolean isAborted = new AtomicBoolean();
    /** What becomes of all records that have no fate of their own; there when it ends. */
    private final AtomicReference<@Nullable Fate> end = new AtomicReference<>();

    /** What the sink hears, on its event loop. */
    interface Settling {
        void settled(KafkaRecord kafkaRecord, Fate fate);

        /** Nothing more comes from this line. */
        void over(KafkaLine line);
    }

    private sealed interface Order {
        record Send(KafkaRecord kafkaRecord) implements Order {}

        record Probe(Promise<Void> answer) implements Order {}

        record Stop() implements Order {}
    }

    private KafkaLine(KafkaAccess access, ToEventLoop loop, Settling settling) {
        this.access = access;
        this.errors = new KafkaErrors(access.channel());
        this.loop = loop;
        this.settling = settling;
    }

    static KafkaLine start(KafkaAccess access, ToEventLoop loop, Settling settling) {
        KafkaLine line = new KafkaLine(access, loop, settling);
        var _ = Thread.ofPlatform().daemon().name("kafka-line").start(line::run);
        return line;
    }

    void send(KafkaRecord kafkaRecord) {
        orders.add(new Order.Send(kafkaRecord));
    }

    void probe(Promise<Void> answer) {
        orders.add(new Order.Probe(answer));
    }

    /** Sends what it was given and then ends. */
    void stop() {
        orders.add(new Order.Stop());
    }

    boolean isEnding() {
        return end.get() != null;
    }

    private void run() {
        try {
            Producer<String, byte[]> producer = access.open();
            try {
                work(producer);
            } finally {
                producer.close(CLOSING);
            }
        } catch (RuntimeException | LinkageError e) {
            // of a bug too: nobody else would settle the records
            end.compareAndSet(null, new Fate.Failed(errors.text(e)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        end.compareAndSet(null, Fate.RETURNED);
        returnOrders();
        loop.say(this::isOver);
    }

    private void work(Producer<String, byte[]> producer) throws InterruptedException {
        while (!isEnding()) {
            switch (orders.poll(access.idle().toMillis(), TimeUnit.MILLISECONDS)) {
                case Order.Send order -> send(producer, order.kafkaRecord());
                case Order.Probe order -> probe(producer, order.answer());
                case Order.Stop _ -> end.compareAndSet(null, Fate.RETURNED);
                case null -> end.compareAndSet(null, Fate.RETURNED);
            }
        }
    }

    private void send(Producer<String, byte[]> producer, KafkaRecord kafkaRecord) {
        Thread own = Thread.currentThread();
        try {
            var _ = producer.send(kafkaRecord.content(), (_, error) -> {
                if (error == null) {
                    settle(kafkaRecord, Fate.ACCEPTED);
                } else {
                    fail(kafkaRecord, error);
                    if (!Thread.currentThread().equals(own) && isAborted.compareAndSet(false, true)) {
                        producer.close(Duration.ZERO);
                        stop();
                    }
                }
            });
        } catch (RuntimeException e) {
            fail(kafkaRecord, e);
        }
    }

    /** The first failure decides what becomes of the others: they only failed too when it was not the record's own fault. */
    private void fail(KafkaRecord kafkaRecord, Exception error) {
        Fate own = errors.fate(error);
        boolean isRefused = own instanceof Fate.Refused;
        boolean isFirst = end.compareAndSet(null, isRefused ? Fate.RETURNED : own);
        settle(kafkaRecord, isFirst || isRefused ? own : ending());
    }

    private void settle(KafkaRecord kafkaRecord, Fate fate) {
        if (kafkaRecord.settle()) {
            loop.say(() -> settling.settled(kafkaRecord, fate));
        }
    }

    private void probe(Producer<String, byte[]> producer, Promise<Void> answer) {
        try {
            var _ = producer.partitionsFor(access.channel().topic());
            loop.say(() -> answer.tryComplete());
        } catch (RuntimeException e) {
            unreachable(answer, errors.text(e));
        }
    }

    private void unreachable(Promise<Void> answer, String why) {
        loop.say(() -> answer.tryFail(new Failed(new Failure.Unreachable(errors.addresses(), why))));
    }

    private void isOver() {
        returnOrders();
        settling.over(this);
    }

    private void returnOrders() {
        for (Order order = orders.poll(); order != null; order = orders.poll()) {
            switch (order) {
                case Order.Send send -> settle(send.kafkaRecord(), ending());
                case Order.Probe probe ->
                    unreachable(
                            probe.answer(), ending() instanceof Fate.Failed failed ? failed.why() : "it was closed");
                case Order.Stop _ -> {}
            }
        }
    }

    private Fate ending() {
        Fate ending = end.get();
        return ending == null ? Fate.RETURNED : ending;
    }
}
