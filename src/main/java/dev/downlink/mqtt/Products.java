// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Bus;
import dev.downlink.model.Product;
import dev.downlink.protocol.RegistryRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** The products of connected devices, which are read again after they were changed. Belongs to one verticle instance. */
final class Products {
    private final Bus bus;

    Products(Bus bus) {
        this.bus = bus;
    }

    /** Hands over the device's product; empty when it cannot be had now. The device is not read meanwhile. */
    void withProduct(DeviceConnection connection, Consumer<Optional<Product>> use) {
        Session session = connection.session();
        if (session.product() != null) {
            use.accept(Optional.of(session.product()));
            return;
        }
        connection.pause();
        bus.ask(new RegistryRequest.FindLogin(session.device()))
                .map(found -> {
                    session.product(found.product());
                    return Optional.of(found.product());
                })
                .otherwise(Optional.empty())
                .onSuccess(product -> {
                    try {
                        use.accept(product);
                    } finally {
                        connection.resume();
                    }
                });
    }
}
