// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.event.Content;
import dev.downlink.event.Formats;
import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.protocol.PushRows.StoredEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way of an outlet's events to its sink, which is opened when there is the first one. Belongs to one instance of the room. */
final class Outward {
    private final Sinks sinks;
    private final Runnable ready;
    private Outlet outlet;
    private String name;
    private @Nullable Sink sink;
    /** Sinks that are being closed since the outlet leads elsewhere. */
    private int changes;

    /** @param ready called whenever the sink has room again */
    Outward(Outlet outlet, Sinks sinks, Runnable ready) {
        this.outlet = outlet;
        this.name = name(outlet);
        this.sinks = sinks;
        this.ready = ready;
    }

    /** For meters. */
    String name() {
        return name;
    }

    private static String name(Outlet outlet) {
        Channel channel = outlet.channel();
        return PushMeters.channel(channel == null ? Channel.Kind.AMQP_FORWARDING : channel.kind());
    }

    /** The outlet leads somewhere else from now on, or to the same with another secret. */
    void change(Outlet changed) {
        outlet = changed;
        name = name(changed);
        changes++;
        var _ = close().onComplete(_ -> {
            changes--;
            ready.run();
        });
    }

    /** None until what is under way to where it led before has come to its end: that comes first. */
    int room() {
        return changes > 0 ? 0 : sink().room();
    }

    boolean mayBlame() {
        return sink().mayBlame();
    }

    boolean keepsOrder() {
        return sink().keepsOrder();
    }

    Future<Fate> push(Parcel parcel) {
        return sink().push(parcel);
    }

    void hurry() {
        if (sink != null) {
            sink.hurry();
        }
    }

    Future<Void> close() {
        Sink closed = sink;
        sink = null;
        return closed == null ? Future.succeededFuture() : closed.close();
    }

    private Sink sink() {
        Sink open = sink;
        if (open == null) {
            open = sinks.open(outlet.project(), channel(outlet), ready);
            sink = open;
        }
        return open;
    }

    private static Channel channel(Outlet outlet) {
        return outlet.channel() == null ? new Channel.Amqp(String.valueOf(outlet.queue())) : outlet.channel();
    }

    /** Empty when the rule does not ask for the event. */
    Optional<Parcel> written(Event event) {
        Channel channel = outlet.channel();
        EventFormat format = channel == null ? EventFormat.DOCUMENTED : channel.format();
        return event.feed
                .query()
                .of(event.stored)
                .map(selected -> parcel(
                        event.stored,
                        Formats.write(event.stored, selected.json(), format),
                        channel instanceof Channel.Storage));
    }

    /** @param needsSpace to read it out of the header costs time that only some channels need */
    static Parcel parcel(StoredEvent event, Content content, boolean needsSpace) {
        String device = event.device() == null ? null : event.device().value();
        JsonObject header = event.header() == null || (device != null && !needsSpace)
                ? new JsonObject()
                : new JsonObject(event.header().text());
        return new Parcel(
                event.id(),
                event.project(),
                event.subject(),
                event.happened(),
                device == null ? header.getString("product_id", "") : device,
                header.getString("app_id"),
                device,
                content);
    }
}
