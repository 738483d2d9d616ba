// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Product;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.ServiceProperties;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import dev.downlink.protocol.RegistryRequest.FindLogin;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets a device's properties to desired values, as far as they are writable and fit the model as it is now. */
final class Pushing {
    private final Bus bus;
    private final Duration limit;

    /** @param limit how long a device has to answer */
    Pushing(Bus bus, Duration limit) {
        this.bus = bus;
        this.limit = limit;
    }

    /**
     * Never fails.
     *
     * @param values JSON objects by service
     */
    Future<Pushed> push(DeviceId device, Map<String, Json> values) {
        return bus.ask(new FindLogin(device))
                .compose(found -> {
                    List<ServiceProperties> services = writable(found.product(), values);
                    return services.isEmpty()
                            ? Future.succeededFuture(Pushed.NOTHING_WRITABLE)
                            : bus.ask(new SetProperties(found.device().project(), device, services, limit))
                                    .map(answered -> Pushed.of(answered.response()));
                })
                .otherwise(Pushed::of);
    }

    private static List<ServiceProperties> writable(Product product, Map<String, Json> values) {
        List<ServiceProperties> services = new ArrayList<>();
        values.forEach((id, properties) -> product.service(id).ifPresent(model -> {
            Map<String, @Nullable Object> writable = writable(model, Values.read(properties));
            if (!writable.isEmpty()) {
                services.add(new ServiceProperties(id, writable));
            }
        }));
        return services;
    }

    private static Map<String, @Nullable Object> writable(ServiceModel model, Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> writable = new LinkedHashMap<>();
        values.forEach((name, value) -> model.property(name)
                .filter(ServiceModel.Property::writable)
                .filter(property -> property.value().complaint(value).isEmpty())
                .ifPresent(_ -> writable.put(name, value)));
        return writable;
    }
}
