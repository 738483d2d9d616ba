// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.model.ServiceReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one device reported and is not yet written: of each property the value with the latest event time, of two with the
 * same the one that came last. Belongs to one thread.
 */
final class Unwritten {
    private final Map<String, Service> services = new LinkedHashMap<>();
    private int weight;

    /** @param now when it was received; no value can be of a later time */
    void add(ServiceReport report, Instant now) {
        Instant said = report.eventTime();
        Instant at = said == null || said.isAfter(now) ? now : said;
        Service service = services.get(report.serviceId());
        if (service == null) {
            service = new Service(at);
            services.put(report.serviceId(), service);
        }
        service.add(report.properties(), at);
    }

    /** Puts back what could not be written; what came meanwhile is newer. */
    void addOlder(Unwritten older) {
        older.services.forEach((id, left) -> {
            Service service = services.get(id);
            if (service == null) {
                services.put(id, left);
                weight += left.weight;
            } else {
                service.addOlder(left);
            }
        });
    }

    /** The ids of the services of which there is something. */
    List<String> services() {
        return List.copyOf(services.keySet());
    }

    Map<String, @Nullable Object> properties(String service) {
        return service(service).properties;
    }

    Instant time(String service) {
        return service(service).at;
    }

    private Service service(String id) {
        Service service = services.get(id);
        if (service == null) {
            throw new IllegalStateException("no such service");
        }
        return service;
    }

    /** It is written, or given up. */
    void remove(String service) {
        Service removed = services.remove(service);
        weight -= removed == null ? 0 : removed.weight;
    }

    boolean isEmpty() {
        return services.isEmpty();
    }

    /** How much memory it takes, see {@link Values#weight}. */
    int weight() {
        return weight;
    }

    private final class Service {
        private final Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        private Instant at;
        private int weight;

        Service(Instant at) {
            this.at = at;
        }

        void add(Map<String, @Nullable Object> reported, Instant time) {
            // many devices tell whole seconds
            if (time.isBefore(at.truncatedTo(ChronoUnit.SECONDS))) {
                fillIn(reported);
                return;
            }
            reported.forEach(this::put);
            at = time.isAfter(at) ? time : at;
        }

        void addOlder(Service older) {
            fillIn(older.properties);
        }

        private void fillIn(Map<String, @Nullable Object> reported) {
            reported.forEach((name, value) -> {
                if (!properties.containsKey(name)) {
                    put(name, value);
                }
            });
        }

        private void put(String name, @Nullable Object value) {
            int more = Values.weight(value);
            if (properties.containsKey(name)) {
                more -= Values.weight(properties.get(name));
            }
            properties.put(name, value);
            weight += more;
            Unwritten.this.weight += more;
        }
    }
}
