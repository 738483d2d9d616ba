// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.model.MessageStatus;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.MessageRows.SettleMessage;
import dev.downlink.protocol.MessageRows.Settled;
import dev.downlink.protocol.Notice.MessageSettled;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;

/** Records what adapters say of messages, and then tells who waits for it. Belongs to one thread. */
final class Settling {
    private final Bus bus;
    private final Address own;
    private final Waits waits;
    private final Tally<MessageStatus> ended;

    Settling(Bus bus, Address own, Waits waits, Telemetry telemetry) {
        this.bus = bus;
        this.own = own;
        this.waits = waits;
        ended = telemetry.tally(MeterName.MESSAGES_ENDED, MessageStatus.class);
    }

    Future<Done> settle(Settle q) {
        return bus.ask(new SettleMessage(q.key(), q.fate(), q.error(), q.steps()))
                .map(settled -> {
                    tell(q, settled);
                    return Done.DONE;
                });
    }

    private void tell(Settle q, Settled settled) {
        MessageStatus status = settled.status();
        if (status == null) {
            return;
        }
        if (status.isFinal()) {
            ended.count(status);
        }
        Address origin = q.origin();
        if (origin != null) {
            MessageSettled notice = new MessageSettled(q.key(), status, settled.finished());
            if (origin.equals(own)) {
                waits.settled(notice);
            } else {
                bus.tell(origin, notice);
            }
        }
    }
}
