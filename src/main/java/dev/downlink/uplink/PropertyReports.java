// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.ServiceReport;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.Target;
import dev.downlink.protocol.ShadowRequest;
import dev.downlink.protocol.UplinkRequest.ReportProperties;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Properties that devices report. The rules get them as they came; the shadow gets what fits the model. Both are asked before
 * the next report of the connection is, so each sees the reports of a device in their order. Belongs to one verticle instance.
 */
final class PropertyReports {
    private final Bus bus;
    private final Lanes lanes;
    private final Offers offers;
    private final Fit fit;
    private final InstantSource clock;

    PropertyReports(Bus bus, Lanes lanes, Offers offers, Fit fit, InstantSource clock) {
        this.bus = bus;
        this.lanes = lanes;
        this.offers = offers;
        this.fit = fit;
        this.clock = clock;
    }

    Future<Done> take(ReportProperties q) {
        Instant received = clock.instant();
        return lanes.enter(q.connection(), () -> known(q).map(known -> begin(q.connection(), known, received)))
                .compose(Begun::done);
    }

    /** A device of a report that may be spoken of. */
    private record Known(Target target, List<ServiceReport> services, boolean asked) {}

    private Future<List<Known>> known(ReportProperties q) {
        Map<SpaceId, Future<Boolean>> asked = new HashMap<>();
        List<Future<Optional<Known>>> found = new ArrayList<>(q.reports().size());
        for (DeviceReport report : q.reports()) {
            found.add(find(q.connection(), report.device())
                    .compose(target -> target.map(t -> known(t, report, asked))
                            .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
        }
        return Future.all(found)
                .map(_ -> found.stream().flatMap(one -> one.result().stream()).toList());
    }

    private Future<Optional<Target>> find(DeviceId connection, DeviceId device) {
        return bus.ask(new FindRelative(connection, device)).map(Optional::of).recover(e -> {
            if (e instanceof Failed failed && failed.failure() instanceof Failure.DeviceNotFound) {
                fit.stranger(connection, device);
                return Future.succeededFuture(Optional.empty());
            }
            return Future.failedFuture(e);
        });
    }

    /** @param asked the answers so far, by space */
    private Future<Optional<Known>> known(Target target, DeviceReport report, Map<SpaceId, Future<Boolean>> asked) {
        return asked.computeIfAbsent(
                        target.device().space(), _ -> offers.isAsked(target.device(), Subject.DEVICE_PROPERTY))
                .map(answer -> Optional.of(new Known(target, report.services(), answer)));
    }

    private Begun begin(DeviceId connection, List<Known> devices, Instant received) {
        List<Future<Done>> parts = new ArrayList<>();
        List<DeviceReport> reported = new ArrayList<>(devices.size());
        for (Known one : devices) {
            if (one.asked && !one.services.isEmpty()) {
                parts.add(offers.offer(
                        one.target.device(), Subject.DEVICE_PROPERTY, Bodies.properties(one.services, received)));
            }
            DeviceId id = one.target.device().id();
            List<ServiceReport> fitting = fit.of(one.target.product(), id, one.services, received);
            if (!fitting.isEmpty()) {
                reported.add(new DeviceReport(id, fitting));
            }
        }
        if (!reported.isEmpty()) {
            parts.add(bus.ask(new ShadowRequest.ReportProperties(connection, reported)));
        }
        // all of them, so that nothing is still being written when the device hears of it
        return new Begun(
                parts.isEmpty()
                        ? Future.succeededFuture(Done.DONE)
                        : Future.join(parts).map(Done.DONE));
    }
}
