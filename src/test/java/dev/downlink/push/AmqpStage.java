// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.model.AccessCode;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.support.JmsClient;
import dev.downlink.support.TestSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.Session;

/** The door for consumers on a real Vert.x, with one project, its access code and a queue. */
final class AmqpStage implements AutoCloseable {
    static final ProjectId PROJECT = new ProjectId("p1");
    static final String KEY = "QA4fYB1z";
    static final String CODE = "xFWnSpq2bd8TvYIAwmZ3LKcXs6heGMu9";
    static final String QUEUE = "status-queue";

    final Map<String, AccessCode> codes = new ConcurrentHashMap<>();
    final Set<QueueKey> queues = ConcurrentHashMap.newKeySet();
    final Vertx vertx = Vertx.vertx();
    volatile boolean directoryAway;

    private final Ports ports = new Ports();
    private Context context;
    private AmqpDoor door;
    private String deployment;

    AmqpStage() {
        code(AccessCode.Type.AMQP, KEY, CODE);
        queue(QUEUE);
    }

    void code(AccessCode.Type type, String key, String code) {
        codes.put(key, new AccessCode(PROJECT, type, key, new Secret(code), Instant.now()));
    }

    void queue(String name) {
        queues.add(new QueueKey(PROJECT, name));
    }

    @CanIgnoreReturnValue
    AmqpStage start(String... settings) {
        return start(1000, settings);
    }

    /** @param second how many milliseconds a second of the door takes */
    @CanIgnoreReturnValue
    AmqpStage start(long second, String... settings) {
        List<String> all = new ArrayList<>(List.of("AMQP_PORT", "0"));
        all.addAll(List.of(settings));
        Settings with = TestSettings.of(all.toArray(String[]::new));
        deployment = vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        AmqpStage.this.context = context;
                        door = new AmqpDoor(
                                vertx,
                                with,
                                ports,
                                new AmqpDoors(with.amqp().maxConnections()),
                                directory(),
                                InstantSource.system(),
                                second);
                        return door.open();
                    }

                    @Override
                    public Future<?> stop() {
                        return door.close();
                    }
                })
                .await();
        return this;
    }

    /** Events for a queue, handed over as the room does it. */
    Outbox outbox(String queue) {
        return on(() -> {
            Outbox outbox = new Outbox(PROJECT, context);
            outbox.open(ready -> door.open(new QueueKey(PROJECT, queue), ready));
            return outbox;
        });
    }

    Outbox outbox() {
        return outbox(QUEUE);
    }

    Set<QueueKey> attended() {
        return on(door::attended);
    }

    /** Lets so many seconds of the door pass at once. */
    void pass(int seconds) {
        Integer _ = on(() -> {
            for (int i = 0; i < seconds; i++) {
                door.sweep();
            }
            return seconds;
        });
    }

    int port() {
        return ports.taken().get("amqp");
    }

    int tlsPort() {
        return ports.taken().get("amqps");
    }

    String address() {
        return "amqp://127.0.0.1:" + port();
    }

    /** A consumer in the way of the cloud's sample client. */
    JmsClient client(String... options) {
        return clientAt(address(), options);
    }

    static JmsClient clientAt(String address, String... options) {
        return JmsClient.of(address, KEY, CODE, options);
    }

    static MessageConsumer consumer(JmsClient client) throws JMSException {
        return JmsClient.consumer(client.session(Session.AUTO_ACKNOWLEDGE), QUEUE);
    }

    /** The ids of the next events. */
    @CanIgnoreReturnValue
    static List<Long> next(MessageConsumer consumer, int count) throws JMSException {
        List<Long> ids = new ArrayList<>();
        while (ids.size() < count) {
            ids.add(id(JmsClient.next(consumer)));
        }
        return ids;
    }

    static long id(Message message) throws JMSException {
        return new JsonObject(message.getBody(String.class)).getLong("id");
    }

    void stop() {
        vertx.undeploy(deployment).await();
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    /** Does something on the event loop that the door belongs to. */
    <T> T on(Supplier<T> what) {
        return Future.<T>future(p -> context.runOnContext(_ -> p.complete(what.get())))
                .await();
    }

    private AmqpDirectory directory() {
        return new AmqpDirectory() {
            @Override
            public Future<Optional<AccessCode>> code(String accessKey) {
                return directoryAway
                        ? Future.failedFuture("away")
                        : Future.succeededFuture(Optional.ofNullable(codes.get(accessKey)));
            }

            @Override
            public Future<Boolean> hasQueue(QueueKey queue) {
                return Future.succeededFuture(queues.contains(queue));
            }
        };
    }
}
