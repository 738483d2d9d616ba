// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.UplinkRequest;
import dev.downlink.telemetry.LogLimit;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/**
 * Takes what devices say from the adapters. An adapter asks the instance on its own event loop, so a connection always speaks
 * to the same one; nothing is kept here but what is in hand.
 */
public final class UplinkVerticle extends VerticleBase {
    private static final int MAX_IN_HAND = 20_000;
    private static final int LOG_LINES_PER_SECOND = 20;
    private static final long SECOND_MILLIS = 1000;

    private final InstantSource clock;
    private PropertyReports properties;
    private Sayings sayings;

    public UplinkVerticle() {
        this(InstantSource.system());
    }

    UplinkVerticle(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Meters meters = Meters.of(Telemetry.of(vertx));
        LogLimit logs = new LogLimit(LOG_LINES_PER_SECOND);
        Offers offers = new Offers(bus, meters);
        Lanes lanes = new Lanes();
        properties = new PropertyReports(bus, lanes, offers, new Fit(meters, logs), clock);
        sayings = new Sayings(bus, lanes, offers, clock);
        vertx.setPeriodic(SECOND_MILLIS, _ -> logs.tick());
        return bus.answer(Address.UPLINK, UplinkRequest.class, MAX_IN_HAND, this::answer);
    }

    private Answer<?> answer(UplinkRequest<?> request) {
        return switch (request) {
            case UplinkRequest.ReportProperties q -> Answer.to(q, properties.take(q));
            case UplinkRequest.ReportMessage q -> Answer.to(q, sayings.take(q));
            case UplinkRequest.ReportEvent q -> Answer.to(q, sayings.take(q));
        };
    }
}
