// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Cached;
import dev.downlink.bus.Loads;
import dev.downlink.config.Settings;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.DeviceRows;
import io.vertx.core.Future;

/**
 * Devices and products in memory. Devices of one product share it: a product may be a thousand times larger than a device,
 * and a changed product becomes stale at once without a walk over its devices. Belongs to one thread.
 */
final class KnownDevices {
    /** Bound of the products kept, in services, properties, commands and events: some ten megabytes. */
    private static final long MAX_MODEL_ITEMS = 100_000;

    private final Bus bus;
    private final Cache<DeviceId, Device> devices;
    private final Cache<ProductKey, Product> products;
    private final Loads<DeviceId, DeviceRows.DeviceWithProduct> loads = new Loads<>();

    KnownDevices(Bus bus, Settings.Registry settings) {
        this.bus = bus;
        devices = Cached.bounded(settings.cacheSize(), settings.ownTime());
        products = Caffeine.newBuilder()
                .executor(Runnable::run)
                .expireAfterWrite(settings.ownTime())
                .maximumWeight(MAX_MODEL_ITEMS)
                .<ProductKey, Product>weigher((_, product) -> weight(product))
                .build();
    }

    Future<DeviceRows.DeviceWithProduct> find(DeviceId id) {
        Device device = devices.getIfPresent(id);
        Product product = device == null ? null : products.getIfPresent(ProductKey.of(device));
        return device == null || product == null
                ? loads.share(id, () -> bus.ask(new DeviceRows.SelectDevice(id)), this::keep)
                : Future.succeededFuture(new DeviceRows.DeviceWithProduct(device, product));
    }

    private void keep(DeviceRows.DeviceWithProduct read) {
        devices.put(read.device().id(), read.device());
        products.put(ProductKey.of(read.device()), read.product());
    }

    void forget(DeviceId id) {
        devices.invalidate(id);
        loads.forget(id);
    }

    /** Forgets a product in all spaces of the project. Which reads are about its devices is not known, so all are forgotten. */
    void forget(ProjectId project, ProductId id) {
        products.asMap()
                .keySet()
                .removeIf(key -> key.id().equals(id) && key.project().equals(project));
        loads.forgetAll();
    }

    void forgetAll() {
        devices.invalidateAll();
        products.invalidateAll();
        loads.forgetAll();
    }

    private static int weight(Product product) {
        int items = 1 + product.topics().size();
        for (ServiceModel service : product.services()) {
            items += 1
                    + service.properties().size()
                    + service.commands().size()
                    + service.events().size();
        }
        return items;
    }

    private record ProductKey(ProjectId project, SpaceId space, ProductId id) {
        static ProductKey of(Device device) {
            return new ProductKey(device.project(), device.space(), device.product());
        }
    }
}
