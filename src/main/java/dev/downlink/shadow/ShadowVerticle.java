// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Deadlines;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.ShadowRequest;
import dev.downlink.protocol.ShadowRows.SelectShadow;
import dev.downlink.protocol.ShadowRows.ShadowFound;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;

/** Keeps shadows: takes what devices report, and sees to it that they are told what is wanted of them. */
public final class ShadowVerticle extends VerticleBase {
    private static final int MAX_IN_HAND = 32_768;

    private final Settings settings;
    private final Pushes.Pace pace;
    private Reports reports;
    private Shadows shadows;

    public ShadowVerticle(Settings settings) {
        this(settings, Pushes.Pace.NORMAL);
    }

    ShadowVerticle(Settings settings, Pushes.Pace pace) {
        this.settings = settings;
        this.pace = pace;
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Telemetry telemetry = Telemetry.of(vertx);
        Deadlines deadlines = new Deadlines(System::nanoTime);
        Tally<Report> outcomes = telemetry.tally(MeterName.SHADOW_REPORTS, Report.class);
        Pushes pushes = new Pushes(
                new Pushing(bus, settings.commands().timeout()),
                device -> bus.ask(new SelectShadow(device)).map(ShadowFound::differences),
                deadlines,
                pace,
                telemetry.tally(MeterName.SHADOW_PUSHES, Pushed.class));
        reports = new Reports(
                settings.shadow(),
                new Writing(bus, outcomes, pushes::reported),
                InstantSource.system(),
                outcomes,
                telemetry.level(MeterName.SHADOW_WAITING));
        shadows = new Shadows(bus, reports, pushes, new Rereads(deadlines, pace));
        vertx.setPeriodic(Deadlines.TICK.toMillis(), _ -> {
            deadlines.expire();
            reports.retry();
        });
        Duration interval = settings.shadow().flushInterval();
        if (interval.isPositive()) {
            vertx.setPeriodic(interval.toMillis(), _ -> reports.flush());
        }
        return bus.answer(Address.SHADOW, ShadowRequest.class, MAX_IN_HAND, this::answer);
    }

    private Answer<?> answer(ShadowRequest<?> request) {
        return switch (request) {
            case ShadowRequest.ReportProperties q -> Answer.to(q, reports.take(q.reports()));
            case ShadowRequest.ShowShadow q -> Answer.to(q, shadows.show(q));
            case ShadowRequest.UpdateDesired q -> Answer.to(q, shadows.update(q));
            case ShadowRequest.DeleteShadow q -> Answer.to(q, shadows.delete(q));
            case ShadowRequest.FetchShadow q -> Answer.to(q, shadows.fetch(q));
            case ShadowRequest.ConnectionOpened q -> Answer.to(q, shadows.opened(q));
        };
    }

    /** Nothing more is reported by now; what still waits is written. */
    @Override
    public Future<?> stop() {
        return reports.close(vertx);
    }
}
