// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Product;
import dev.downlink.model.ServiceModel;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindLogin;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.telemetry.Tally;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a device reported, as far as its product's model has it. Belongs to one verticle instance. */
final class Writing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Writing.class);

    private final Bus bus;
    private final Tally<Report> outcomes;
    private final Listener listener;

    /** Hears what is wanted of a service after it has reported. */
    interface Listener {
        /** @param difference desired values that are not reported; null when there are none */
        void written(DeviceId device, String service, @Nullable Json difference);
    }

    Writing(Bus bus, Tally<Report> outcomes, Listener listener) {
        this.bus = bus;
        this.outcomes = outcomes;
        this.listener = listener;
    }

    /**
     * Takes out of {@code values} what is written and what can never be. Completes when that is all; fails when the rest can
     * be tried again.
     */
    Future<Void> write(DeviceId device, Unwritten values) {
        return bus.ask(new FindLogin(device))
                .transform(found -> found.succeeded()
                        ? write(device, found.result().product(), values)
                        : unknown(values, found.cause()));
    }

    private Future<Void> unknown(Unwritten values, Throwable why) {
        if (mayPass(why)) {
            return Future.failedFuture(why);
        }
        values.services().forEach(service -> giveUp(values, service, Report.UNKNOWN));
        return Future.succeededFuture();
    }

    private Future<Void> write(DeviceId device, Product product, Unwritten values) {
        List<Future<?>> rows = new ArrayList<>();
        for (String service : values.services()) {
            Map<String, @Nullable Object> known = known(product, service, values.properties(service));
            if (known.isEmpty()) {
                giveUp(values, service, Report.UNKNOWN);
            } else {
                rows.add(write(device, service, known, values));
            }
        }
        return Future.join(rows).mapEmpty();
    }

    private Future<?> write(
            DeviceId device, String service, Map<String, @Nullable Object> properties, Unwritten values) {
        return bus.ask(new MergeReported(device, service, properties, values.time(service)))
                .transform(merged -> {
                    if (merged.succeeded()) {
                        values.remove(service);
                        outcomes.count(Report.WRITTEN);
                        listener.written(device, service, merged.result().difference());
                        return Future.succeededFuture();
                    }
                    if (mayPass(merged.cause())) {
                        return Future.failedFuture(merged.cause());
                    }
                    LOGGER.warn(
                            "device={} reported what cannot be kept, error={}",
                            device,
                            merged.cause().getMessage());
                    giveUp(values, service, Report.LOST);
                    return Future.succeededFuture();
                });
    }

    private void giveUp(Unwritten values, String service, Report why) {
        values.remove(service);
        outcomes.count(why);
    }

    /** What is in the model and can be stored; that bounds a row too. */
    private static Map<String, @Nullable Object> known(
            Product product, String service, Map<String, @Nullable Object> properties) {
        ServiceModel model = product.service(service).orElse(null);
        Map<String, @Nullable Object> known = new LinkedHashMap<>();
        if (model != null) {
            properties.forEach((name, value) -> {
                if (model.property(name).isPresent() && Values.isStorable(value)) {
                    known.put(name, value);
                }
            });
        }
        return known;
    }

    /** Whether it may go well the next time. */
    private static boolean mayPass(Throwable why) {
        return why instanceof Failed failed
                && switch (failed.failure()) {
                    case Failure.StorageUnavailable _,
                            Failure.Busy _,
                            Failure.NoAnswer _,
                            Failure.NobodyThere _,
                            Failure.Conflict _ -> true;
                    default -> false;
                };
    }
}
