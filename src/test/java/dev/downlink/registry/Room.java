// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.PushRequest;
import dev.downlink.protocol.Request;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The real registry on a real Vert.x, with a repository in memory and an adapter that only remembers what it was asked. */
final class Room implements AutoCloseable {
    static final NodeIdentity NODE = new NodeIdentity(7, "node-a");
    static final Upkeep.Pace CALM = new Upkeep.Pace(
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1));
    private static final Address ADAPTER = Address.mqtt(NODE.id(), 0);

    final Vertx vertx = Vertx.vertx();
    final Bus bus = Bus.of(vertx);
    final FakeRepository repository = new FakeRepository();
    final Queue<AdapterRequest.CloseConnection> closed = new ConcurrentLinkedQueue<>();
    final Queue<AdapterRequest.NotifyGateway> notified = new ConcurrentLinkedQueue<>();
    final Queue<Notice.Event> events = new ConcurrentLinkedQueue<>();
    final Queue<PushRequest<?>> pushed = new ConcurrentLinkedQueue<>();
    /** What the room that pushes says to all it is asked; null: yes. */
    volatile @Nullable Failure pushRefusal;

    Room() {
        repository.projects.add(Samples.PROJECT);
        repository.spaces.add(Samples.space(Samples.OTHER));
        repository.spaces.add(Samples.space(Samples.DEFAULT));
        repository.products.add(Samples.product(Samples.DEFAULT));
        get(vertx.deployVerticle(_ -> repository.listen(bus)));
        get(vertx.deployVerticle(_ -> Future.all(
                bus.hear(Notice.DeviceChanged.class, events::add),
                bus.hear(Notice.ProductChanged.class, events::add),
                bus.hear(Notice.AccountsChanged.class, events::add),
                bus.hear(Notice.RulesChanged.class, events::add),
                bus.hear(Notice.AccessCodeReplaced.class, events::add),
                bus.hear(Notice.SessionsLost.class, events::add))));
    }

    static Room started() {
        Room room = new Room();
        room.start(() -> Samples.NOW, CALM, 1);
        return room;
    }

    @CanIgnoreReturnValue
    String start(InstantSource clock, Upkeep.Pace pace, int instances) {
        return get(vertx.deployVerticle(
                () -> new RegistryVerticle(Samples.settings(), NODE, clock, pace),
                new DeploymentOptions().setInstances(instances)));
    }

    @CanIgnoreReturnValue
    <R extends Record> R ask(Request<R> request) {
        return get(bus.ask(request));
    }

    Failure refusal(Request<?> request) {
        Throwable e = catchThrowable(() -> ask(request));
        return e instanceof Failed failed ? failed.failure() : fail("not refused but " + e);
    }

    /** Makes a device look connected at an adapter that can be asked to close it. */
    void connect(DeviceId device, long epoch) {
        repository.presences.put(
                device, new Presence(device, new Presence.Holder(ADAPTER.value(), epoch), Samples.NOW, Samples.NOW));
    }

    void startAdapter() {
        get(vertx.deployVerticle(_ -> bus.answer(ADAPTER, AdapterRequest.class, 10, this::adapter)));
    }

    void startPush() {
        get(vertx.deployVerticle(_ -> bus.answer(Address.PUSH, PushRequest.class, 10, this::push)));
    }

    private Answer<?> push(PushRequest<?> request) {
        pushed.add(request);
        Failure refusal = pushRefusal;
        Future<Record> answer =
                refusal == null ? Future.succeededFuture(Done.DONE) : Future.failedFuture(new Failed(refusal));
        return new Answer<>(answer);
    }

    private Answer<?> adapter(AdapterRequest<?> request) {
        return switch (request) {
            case AdapterRequest.CloseConnection q -> {
                closed.add(q);
                yield Answer.to(q, Done.DONE);
            }
            case AdapterRequest.NotifyGateway q -> {
                notified.add(q);
                yield Answer.to(q, Done.DONE);
            }
            default -> throw new AssertionError(request);
        };
    }

    @CanIgnoreReturnValue
    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        get(vertx.close());
    }
}
