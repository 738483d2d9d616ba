// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Sends many calls of one statement as one: while as many batches as may be are in flight the next one gathers, without any
 * delay of its own. A device occurs at most once in the batches of a moment; its second call waits for a later one, so calls of
 * one device keep their order. A failed batch is tried again row by row, so that a poison row fails alone. Belongs to one verticle's thread.
 */
final class Batcher<K, V> {
    private final int maxRows;
    private final int maxWaiting;
    private final int maxInFlight;
    private final Function<K, ?> lane;
    private final Function<List<K>, Future<Function<K, V>>> statement;

    private final Level level;
    private final Deque<Call<K, V>> waiting = new ArrayDeque<>();
    private final Set<Object> lanes = new HashSet<>();
    private int inFlight;

    /**
     * @param maxInFlight batches at a time
     * @param lane what must not be in flight twice
     * @param level shows how many wait
     * @param statement answers a batch with the result of each of its rows
     */
    Batcher(
            int maxRows,
            int maxWaiting,
            int maxInFlight,
            Function<K, ?> lane,
            Level level,
            Function<List<K>, Future<Function<K, V>>> statement) {
        this.maxRows = maxRows;
        this.maxWaiting = maxWaiting;
        this.maxInFlight = maxInFlight;
        this.lane = lane;
        this.level = level;
        this.statement = statement;
    }

    /** Fails with {@link Failure.Busy} when too many calls wait. */
    Future<V> submit(K row) {
        if (waiting.size() >= maxWaiting) {
            return Future.failedFuture(new Failed(new Failure.Busy("repository")));
        }
        Call<K, V> call = new Call<>(row, Promise.promise());
        waiting.add(call);
        level.set(waiting.size());
        next();
        return call.answer().future();
    }

    private void next() {
        if (inFlight == maxInFlight) {
            return;
        }
        List<Call<K, V>> batch = gather();
        level.set(waiting.size());
        if (!batch.isEmpty()) {
            inFlight++;
            run(batch).onComplete(_ -> {
                inFlight--;
                batch.forEach(call -> lanes.remove(lane.apply(call.row())));
                next();
            });
        }
    }

    private List<Call<K, V>> gather() {
        List<Call<K, V>> batch = new ArrayList<>();
        Iterator<Call<K, V>> calls = waiting.iterator();
        while (calls.hasNext() && batch.size() < maxRows) {
            Call<K, V> call = calls.next();
            if (lanes.add(lane.apply(call.row()))) {
                batch.add(call);
                calls.remove();
            }
        }
        return batch;
    }

    private Future<Void> run(List<Call<K, V>> batch) {
        return attempt(batch.stream().map(Call::row).toList()).transform(result -> {
            if (result.succeeded()) {
                batch.forEach(call -> call.answer(result.result()));
                return Future.succeededFuture();
            }
            if (batch.size() > 1 && !(result.cause() instanceof Failed)) {
                return oneByOne(batch, 0);
            }
            batch.forEach(call -> call.answer().fail(result.cause()));
            return Future.succeededFuture();
        });
    }

    private Future<Void> oneByOne(List<Call<K, V>> batch, int index) {
        return index == batch.size()
                ? Future.succeededFuture()
                : run(List.of(batch.get(index))).compose(_ -> oneByOne(batch, index + 1));
    }

    private Future<Function<K, V>> attempt(List<K> rows) {
        try {
            return statement.apply(rows);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private record Call<K, V>(K row, Promise<V> answer) {
        void answer(Function<K, V> results) {
            try {
                answer.complete(results.apply(row));
            } catch (RuntimeException e) {
                answer.fail(e);
            }
        }
    }
}
