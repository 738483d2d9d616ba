// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.event.Content;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Stands for those who hand events to a sink: in order of id, as many as there is room for, those that come back first. */
final class Outbox {
    static final Instant HAPPENED = Instant.parse("2026-11-21T21:30:00.123Z");

    final List<Long> accepted = new CopyOnWriteArrayList<>();
    final Map<Long, String> refused = new TreeMap<>();
    final List<Long> returned = new CopyOnWriteArrayList<>();

    private final ProjectId project;
    private final Context context;
    private final TreeMap<Long, Parcel> waiting = new TreeMap<>();
    private final Set<Long> underWay = new HashSet<>();
    private Sink sink;
    private long last;
    private boolean pumping;

    Outbox(ProjectId project, Context context) {
        this.project = project;
        this.context = context;
    }

    void open(Function<Runnable, Sink> how) {
        sink = how.apply(this::pump);
        pump();
    }

    /** Adds events of devices in turn. */
    @CanIgnoreReturnValue
    Outbox add(int count, String... devices) {
        on(() -> {
            for (int i = 0; i < count; i++) {
                last++;
                waiting.put(last, parcel(last, devices[i % devices.length]));
            }
            pump();
        });
        return this;
    }

    /** Until so many are dealt with for good. */
    void awaitAccepted(int count) {
        await().until(() -> accepted.size() >= count);
    }

    void closeSink() {
        on(() -> {
            var _ = sink.close();
        });
    }

    int underWay() {
        return Future.<Integer>future(p -> context.runOnContext(_ -> p.complete(underWay.size())))
                .await();
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (sink != null && !waiting.isEmpty() && sink.room() > 0) {
            Parcel next = waiting.pollFirstEntry().getValue();
            underWay.add(next.id());
            var _ = sink.push(next).onSuccess(fate -> ended(next, fate));
        }
        pumping = false;
    }

    private void ended(Parcel parcel, Fate fate) {
        underWay.remove(parcel.id());
        switch (fate) {
            case Fate.Accepted _ -> accepted.add(parcel.id());
            case Fate.Refused why -> refused.put(parcel.id(), why.why());
            case Fate.Returned _ -> {
                returned.add(parcel.id());
                waiting.put(parcel.id(), parcel);
            }
            case Fate.Failed why -> throw new AssertionError(why.why());
        }
        pump();
    }

    private Parcel parcel(long id, String device) {
        String body = "{\"id\":" + id + ",\"device\":\"" + device + "\",\"text\":\"Grüße\"}";
        Content content = new Content("application/json", Map.of(), Buffer.buffer(body));
        return new Parcel(id, project, Subject.MESSAGE_STATUS, HAPPENED, device, null, device, content);
    }

    private void on(Runnable what) {
        Future.<Void>future(p -> context.runOnContext(_ -> {
                    what.run();
                    p.complete();
                }))
                .await();
    }
}
