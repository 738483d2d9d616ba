// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The part of a load that one event loop makes. All state belongs to it. */
final class LoadShard {
    /** What a supplier of devices says in the end. */
    static final int NONE_LEFT = -1;

    private final Context context;
    private final List<Caller> callers;
    private final IntSupplier devices;
    private final LongSupplier nanos;
    private final LongAdder completed;
    private final Promise<Recording> finished = Promise.promise();
    private final Deque<Caller> free = new ArrayDeque<>();

    private final Recording recording;
    private final @Nullable RateSchedule schedule;
    private final long end;
    private int busy;
    private boolean exhausted;
    private boolean wakeUpSet;

    /** What is the same for all of a load: when it begins and ends, in nanoseconds. */
    record Times(long begin, long measure, long end) {
        static Times from(long begin, LoadPlan plan) {
            long measure = begin + plan.warmUp().toNanos();
            return new Times(begin, measure, measure + plan.duration().toNanos());
        }
    }

    /**
     * @param devices numbers of the devices to send to, in turn, or {@link #NONE_LEFT}
     * @param completed is counted up with every command that went well, also while warming up
     */
    LoadShard(
            Context context,
            List<Line> lines,
            LoadPlan plan,
            Times times,
            IntSupplier devices,
            LongSupplier nanos,
            LongAdder completed) {
        this.context = context;
        this.devices = devices;
        this.nanos = nanos;
        this.completed = completed;
        this.end = times.end;
        recording = new Recording(times.measure, plan.sliceNanos());
        schedule = plan.rate() == 0 ? null : new RateSchedule(times.begin, plan.rate());
        callers = new ArrayList<>();
        lines.forEach(line -> callers.add(new Caller(line)));
    }

    /** Begins; to be called on its event loop. */
    Future<Recording> run() {
        free.addAll(callers);
        sendWhatIsDue();
        return finished.future();
    }

    private void sendWhatIsDue() {
        long now = nanos.getAsLong();
        while (!free.isEmpty() && now - end < 0 && !exhausted && isDue(now)) {
            int device = devices.getAsInt();
            exhausted = device == NONE_LEFT;
            if (!exhausted) {
                busy++;
                free.pop().send(device, schedule == null ? now : schedule.take());
            }
            now = nanos.getAsLong();
        }
        if (now - end >= 0 || exhausted) {
            finishWhenIdle();
        } else if (schedule != null && !free.isEmpty()) {
            wakeUpAt(schedule.next(), now);
        }
    }

    private boolean isDue(long now) {
        return schedule == null || schedule.isDue(now);
    }

    private void wakeUpAt(long time, long now) {
        if (wakeUpSet) {
            return;
        }
        wakeUpSet = true;
        var _ = ((ContextInternal) context)
                .nettyEventLoop()
                .schedule(this::wakeUp, Math.min(time, end) - now, TimeUnit.NANOSECONDS);
    }

    private void wakeUp() {
        wakeUpSet = false;
        context.runOnContext(_ -> sendWhatIsDue());
    }

    private void finishWhenIdle() {
        if (busy == 0) {
            recording.count("not sent", schedule == null || exhausted ? 0 : schedule.missed(end));
            boolean _ = finished.tryComplete(recording);
        }
    }

    private final class Caller implements Line.Ending {
        private final Line line;
        private long intended;

        Caller(Line line) {
            this.line = line;
        }

        void send(int device, long start) {
            intended = start;
            line.send(device, this);
        }

        @Override
        public void ended(String outcome) {
            recording.add(intended, nanos.getAsLong(), outcome);
            if (outcome.equals(Line.OK)) {
                completed.increment();
            }
            busy--;
            free.push(this);
            sendWhatIsDue();
        }
    }
}
