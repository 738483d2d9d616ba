// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.MessageRows.ExpireMessages;
import dev.downlink.telemetry.Amount;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends messages whose time is over. Every node tries, and one at a time gets to do it. */
final class Expiry {
    private static final Logger LOGGER = LoggerFactory.getLogger(Expiry.class);
    private static final int AT_A_TIME = 1000;

    private final Bus bus;
    private final Amount expired;

    Expiry(Bus bus, Telemetry telemetry) {
        this.bus = bus;
        expired = telemetry.amount(MeterName.MESSAGES_EXPIRED);
    }

    /** Completes when no more are due. */
    Future<?> work() {
        return bus.ask(new ExpireMessages(AT_A_TIME)).compose(done -> {
            if (done.count() > 0) {
                LOGGER.debug("messages ended because their time was over count={}", done.count());
                expired.add(done.count());
            }
            return done.more() ? work() : Future.succeededFuture();
        });
    }
}
