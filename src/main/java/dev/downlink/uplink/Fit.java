// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.ServiceReport;
import dev.downlink.telemetry.LogLimit;
import dev.downlink.uplink.Meters.LeftOut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a report fits its product's model and goes into the shadow: services and properties that the model has, with whatever
 * values (southbound §2.6). Says what is left out. Belongs to one verticle instance.
 */
final class Fit {
    private static final Logger LOGGER = LoggerFactory.getLogger(Fit.class);

    private final Meters meters;
    private final LogLimit logs;

    Fit(Meters meters, LogLimit logs) {
        this.meters = meters;
        this.logs = logs;
    }

    /** @param received the time of a service that was given none */
    List<ServiceReport> of(Product product, DeviceId device, List<ServiceReport> reported, Instant received) {
        List<ServiceReport> known = new ArrayList<>(reported.size());
        for (ServiceReport one : reported) {
            product.service(one.serviceId())
                    .map(model -> known(model, device, one))
                    .ifPresentOrElse(properties -> add(known, one, properties, received), () -> unknown(device, one));
        }
        return known;
    }

    private static void add(
            List<ServiceReport> known, ServiceReport one, Map<String, @Nullable Object> properties, Instant received) {
        if (!properties.isEmpty()) {
            Instant time = one.eventTime() == null ? received : one.eventTime();
            known.add(new ServiceReport(one.serviceId(), properties, time));
        }
    }

    /** Goes by the model, which is short, and not by what a device may make long. */
    private Map<String, @Nullable Object> known(ServiceModel model, DeviceId device, ServiceReport one) {
        Map<String, @Nullable Object> known = new LinkedHashMap<>();
        for (ServiceModel.Property property : model.properties()) {
            if (one.properties().containsKey(property.name())) {
                known.put(property.name(), one.properties().get(property.name()));
            }
        }
        if (known.size() < one.properties().size()) {
            note(LeftOut.PROPERTY, device, "in service " + one.serviceId());
        }
        return known;
    }

    private void unknown(DeviceId device, ServiceReport one) {
        note(LeftOut.SERVICE, device, one.serviceId());
    }

    /** A device that is not the connection's own or below it. */
    void stranger(DeviceId connection, DeviceId device) {
        note(LeftOut.DEVICE, device, "not below device=" + connection);
    }

    private void note(LeftOut what, DeviceId device, String which) {
        meters.leftOut().count(what);
        if (logs.permits()) {
            LOGGER.warn("device={} left out of its report: {} {}", device, what, which);
        }
    }
}
