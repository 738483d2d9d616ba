// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.EventLoops;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** Sends commands from several event loops. */
final class Load {
    private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(20);

    private final LoadPlan plan;
    private final DeviceSeries series;
    private final List<Part> parts;
    private final LongAdder completed = new LongAdder();

    private record Part(Context context, List<Line> lines, LoadPlan plan) {}

    /** A load under way. */
    record Running(LoadShard.Times times, Future<Recording> result) {}

    private Load(LoadPlan plan, DeviceSeries series, List<Part> parts) {
        this.plan = plan;
        this.series = series;
        this.parts = parts;
    }

    /** Opens the lines to a target. */
    static Future<Load> open(Vertx vertx, List<Context> loops, Target target, DeviceSeries series, LoadPlan plan) {
        int used = Math.min(loops.size(), plan.callers());
        List<Future<Part>> opening = IntStream.range(0, used)
                .mapToObj(i -> {
                    LoadPlan share = plan.share(i, used);
                    Context loop = loops.get(i);
                    return EventLoops.on(loop, () -> target.open(vertx, series, share.callers()))
                            .map(lines -> new Part(loop, lines, share));
                })
                .toList();
        return Future.all(opening)
                .map(_ -> new Load(
                        plan, series, opening.stream().map(Future::result).toList()));
    }

    Running start() {
        LoadShard.Times times = LoadShard.Times.from(System.nanoTime() + HEAD_START, plan);
        List<Future<Recording>> results = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            LoadShard shard =
                    new LoadShard(part.context, part.lines, part.plan, times, inTurn(i), System::nanoTime, completed);
            results.add(EventLoops.on(part.context, shard::run));
        }
        return new Running(times, Future.all(results).map(_ -> merged(times, results)));
    }

    private Recording merged(LoadShard.Times times, List<Future<Recording>> results) {
        Recording all = new Recording(times.measure(), plan.sliceNanos());
        results.forEach(result -> all.merge(result.result()));
        return all;
    }

    /** Commands that went well so far, warm-up included. */
    long completed() {
        return completed.sum();
    }

    /** Every device gets its turn, so that none is sent more than it may be; negative when all rounds are over. */
    private IntSupplier inTurn(int part) {
        long all = plan.rounds() == 0 ? Long.MAX_VALUE : (long) plan.rounds() * series.count();
        long[] next = {part};
        return () -> {
            long turn = next[0];
            next[0] = turn + parts.size();
            return turn < all ? (int) (turn % series.count()) : LoadShard.NONE_LEFT;
        };
    }

    Future<Void> close() {
        return Future.join(parts.stream()
                        .map(part -> EventLoops.on(
                                part.context,
                                () -> Future.join(part.lines.stream()
                                                .map(Line::close)
                                                .toList())
                                        .mapEmpty()))
                        .toList())
                .mapEmpty();
    }
}
