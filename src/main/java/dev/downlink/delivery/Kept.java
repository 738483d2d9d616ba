// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.protocol.DeliveryRequest.DeleteMessage;
import dev.downlink.protocol.DeliveryRequest.FetchWaiting;
import dev.downlink.protocol.DeliveryRequest.ListMessages;
import dev.downlink.protocol.DeliveryRequest.MaybeMessage;
import dev.downlink.protocol.DeliveryRequest.Messages;
import dev.downlink.protocol.DeliveryRequest.ShowMessage;
import dev.downlink.protocol.DeliveryRequest.Waiting;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import io.vertx.core.Future;

/** The messages that are kept for a device (northbound §2.2). */
final class Kept {
    private final Bus bus;
    private final Settings.Messages settings;
    private final Handover handover;

    Kept(Bus bus, Settings.Messages settings, Handover handover) {
        this.bus = bus;
        this.settings = settings;
        this.handover = handover;
    }

    Future<Messages> list(ListMessages q) {
        return bus.ask(new FindTarget(q.project(), q.device())).compose(target -> {
            int max = settings.cacheOf(target.product()).max();
            return bus.ask(new MessageRows.SelectMessages(target.connection(), q.device(), max));
        });
    }

    Future<MaybeMessage> show(ShowMessage q) {
        return bus.ask(new FindTarget(q.project(), q.device()))
                .compose(target -> bus.ask(
                        new MessageRows.SelectMessage(new MessageKey(target.connection(), q.device(), q.id()))));
    }

    Future<Done> delete(DeleteMessage q) {
        return bus.ask(new FindTarget(q.project(), q.device())).compose(target -> {
            MessageKey key = new MessageKey(target.connection(), q.device(), q.id());
            return bus.ask(new MessageRows.DeleteMessageRow(key))
                    .compose(done -> handover.withdraw(key).map(done));
        });
    }

    /** What an adapter is to send next. */
    Future<Waiting> waiting(FetchWaiting q) {
        return bus.ask(new MessageRows.SelectWaiting(q.connection(), q.epoch(), q.after(), q.limit()));
    }
}
