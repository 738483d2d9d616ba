// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;

/** What the door for consumers counts, of one instance. */
record AmqpMeters(Level connections, Level receivers, Tally<AmqpLogin.Result> logins, Tally<Outcome> deliveries) {

    /** Of an event that was written to a receiver. */
    enum Outcome {
        ACCEPTED,
        /** It goes to another receiver, or to the same again. */
        RETURNED,
        REFUSED
    }

    static AmqpMeters of(Telemetry telemetry) {
        return new AmqpMeters(
                telemetry.level(MeterName.AMQP_CONNECTIONS),
                telemetry.level(MeterName.AMQP_RECEIVERS),
                telemetry.tally(MeterName.AMQP_LOGINS, AmqpLogin.Result.class),
                telemetry.tally(MeterName.AMQP_DELIVERIES, Outcome.class));
    }

    void settled(Fate fate) {
        deliveries.count(
                switch (fate) {
                    case Fate.Accepted _ -> Outcome.ACCEPTED;
                    case Fate.Refused _ -> Outcome.REFUSED;
                    case Fate.Returned _, Fate.Failed _ -> Outcome.RETURNED;
                });
    }
}
