// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.DeliveryRequest.Broadcast;
import dev.downlink.protocol.DeliveryRequest.BroadcastSent;
import dev.downlink.protocol.DeliveryRequest.SendMessage;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageRows.Listener;
import dev.downlink.protocol.MessageRows.SelectListeners;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SpaceRequest.ShowSpace;
import dev.downlink.protocol.SpaceRows.ListSpaces;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message to all devices of a space that subscribed its topic (northbound §2.3). */
final class Broadcasts {
    private static final int PAGE = 1000;

    private final Bus bus;
    private final Sending sending;
    private final InstantSource clock;

    Broadcasts(Bus bus, Sending sending, InstantSource clock) {
        this.bus = bus;
        this.sending = sending;
        this.clock = clock;
    }

    Future<BroadcastSent> send(Broadcast q) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return space(q).compose(space -> {
            BroadcastSent sent = new BroadcastSent(space, q.id(), now);
            if (q.ttl() > 0) {
                return listeners(q, space, null, List.of())
                        .compose(devices -> Future.join(devices.stream()
                                .map(device -> sending.send(message(q, device, now)))
                                .toList()))
                        .map(sent);
            }
            bus.publish(new Notice.BroadcastSent(q.project(), space, q.topic(), q.payload()));
            return Future.succeededFuture(sent);
        });
    }

    private Future<SpaceId> space(Broadcast q) {
        return q.space() == null
                ? bus.ask(new ListSpaces(q.project(), true))
                        .map(found -> found.spaces().getFirst().id())
                : bus.ask(new ShowSpace(q.project(), q.space()))
                        .map(found -> found.space().id());
    }

    /** Reads on until all are seen or there are too many. */
    private Future<List<DeviceId>> listeners(
            Broadcast q, SpaceId space, @Nullable DeviceId after, List<DeviceId> before) {
        return bus.ask(new SelectListeners(q.project(), space, after, PAGE)).compose(page -> {
            List<DeviceId> found = new ArrayList<>(before);
            page.listeners().stream()
                    .filter(one -> one.subscriptions().stream().anyMatch(s -> s.matches(q.topic())))
                    .map(Listener::device)
                    .forEach(found::add);
            if (found.size() > Broadcast.MAX_CACHED) {
                throw new Failed(
                        new Failure.LimitReached("subscribers of a broadcast that is cached", Broadcast.MAX_CACHED));
            }
            return page.listeners().size() < PAGE
                    ? Future.succeededFuture(found)
                    : listeners(q, space, page.listeners().getLast().device(), found);
        });
    }

    private static SendMessage message(Broadcast q, DeviceId device, Instant now) {
        Message message = new Message(
                q.id(),
                null,
                new Json('"' + q.payload() + '"'),
                Message.Encoding.BASE64,
                Message.Format.RAW,
                null,
                q.topic(),
                null,
                q.ttl());
        return new SendMessage(q.project(), device, message, now, q.repeatable());
    }
}
