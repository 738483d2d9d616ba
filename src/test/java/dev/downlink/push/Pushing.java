// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.event.Content;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.support.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gives events to a sink on an event loop as the room does. What was not accepted is given again, each device's events in order
 * of id, when none of the device's is under way any more.
 */
final class Pushing {
    static final Instant HAPPENED = Instant.parse("2026-03-04T05:06:07Z");

    private final Vertx vertx;
    private final Context context;
    private final Sink sink;
    private final AtomicInteger readies = new AtomicInteger();
    private final Promise<Void> done = Promise.promise();
    // of the event loop
    private final Map<String, TreeMap<Long, Parcel>> again = new HashMap<>();
    private final Map<String, Integer> underWay = new HashMap<>();
    private final Map<String, Deque<Parcel>> next = new LinkedHashMap<>();
    private final List<Fate> failures = new ArrayList<>();
    private int open;
    private int given;

    /** @param opened makes the sink, given what to call when there is room */
    Pushing(Vertx vertx, Function<Runnable, Sink> opened) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.sink = on(() -> opened.apply(() -> {
            readies.incrementAndGet();
            give();
        }));
    }

    static Parcel parcel(long id, String device, String body) {
        return parcel(id, device, new Content("application/json", Map.of(), Buffer.buffer(body)));
    }

    static Parcel parcel(long id, String device, Content content) {
        return parcel(id, device, HAPPENED, content);
    }

    static Parcel parcel(long id, String device, Instant happened, Content content) {
        return new Parcel(id, new ProjectId("p1"), Subject.MESSAGE_STATUS, happened, device, "space1", device, content);
    }

    Fate push(Parcel parcel) {
        return Outcome.of(given(parcel));
    }

    /** Does not wait. */
    Future<Fate> given(Parcel parcel) {
        return onLoop(() -> sink.push(parcel));
    }

    int room() {
        return on(sink::room);
    }

    /** How often the sink has said that there is room again. */
    int readies() {
        return readies.get();
    }

    Future<Void> probe() {
        return onLoop(sink::probe);
    }

    void hurry() {
        context.runOnContext(_ -> sink.hurry());
    }

    Future<Void> close() {
        return onLoop(sink::close);
    }

    /** Gives all of them until each is accepted. */
    Future<Void> pushAll(List<Parcel> parcels) {
        context.runOnContext(_ -> {
            open = parcels.size();
            parcels.forEach(parcel ->
                    next.computeIfAbsent(parcel.key(), _ -> new ArrayDeque<>()).add(parcel));
            give();
        });
        return done.future();
    }

    /** How many are not yet accepted. */
    int left() {
        return on(() -> open);
    }

    /** What was not accepted the first time. */
    List<Fate> failures() {
        return on(() -> List.copyOf(failures));
    }

    /** One of each device in turn, as long as that goes. */
    private void give() {
        int before = -1;
        while (before != given) {
            before = given;
            next.forEach(this::giveNext);
        }
    }

    private void giveNext(String key, Deque<Parcel> parcels) {
        if (!again.containsKey(key) && !parcels.isEmpty() && sink.room() > 0) {
            Parcel parcel = parcels.remove();
            given++;
            underWay.merge(key, 1, Integer::sum);
            var _ = sink.push(parcel).onSuccess(fate -> settled(parcel, fate));
        }
    }

    private void settled(Parcel parcel, Fate fate) {
        int left = underWay.merge(parcel.key(), -1, Integer::sum);
        if (fate instanceof Fate.Accepted) {
            open--;
        } else {
            failures.add(fate);
            again.computeIfAbsent(parcel.key(), _ -> new TreeMap<>()).put(parcel.id(), parcel);
        }
        if (left == 0 && again.containsKey(parcel.key())) {
            long _ = vertx.setTimer(100, _ -> repeat(parcel.key()));
        }
        if (open == 0) {
            done.tryComplete();
        }
        give();
    }

    private void repeat(String key) {
        again.remove(key).descendingMap().values().forEach(next.get(key)::addFirst);
        give();
    }

    private <T> T on(Supplier<T> what) {
        return Outcome.of(onLoop(() -> Future.succeededFuture(what.get())));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> what) {
        Promise<T> result = Promise.promise();
        context.runOnContext(_ -> what.get().onComplete(result));
        return result.future();
    }
}
