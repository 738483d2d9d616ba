// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.Map;
import java.util.Optional;

/** The bounds of every number, size and duration: wide enough for every sensible use, too narrow for a slipped digit. */
final class Limits {
    private static final Map<String, Limit> OF = Map.ofEntries(
            Map.entry("http.port", Limit.count(0, 65535)),
            Map.entry("http.max_body", Limit.bytes("16KiB", "64MiB")),
            Map.entry("http.idle_timeout", Limit.time("1s", "1h")),
            Map.entry("http.max_in_hand", Limit.count(1, 1_000_000)),
            Map.entry("management.port", Limit.count(0, 65535)),
            Map.entry("mqtt.port", Limit.count(0, 65535)),
            Map.entry("mqtt.connect_timeout", Limit.time("500ms", "5m")),
            Map.entry("mqtt.keep_alive_min", Limit.count(1, 65535)),
            Map.entry("mqtt.keep_alive_max", Limit.count(1, 65535)),
            Map.entry("mqtt.max_connections", Limit.count(1, 10_000_000)),
            Map.entry("mqtt.max_packet", Limit.bytes("4KiB", "256MiB")),
            Map.entry("mqtt.max_inflight", Limit.count(1, 65535)),
            Map.entry("mqtt.max_waiting", Limit.count(0, 10_000)),
            Map.entry("mqtt.max_unwritten", Limit.bytes("64KiB", "1GiB")),
            Map.entry("mqtt.max_subscriptions", Limit.count(1, 10_000)),
            Map.entry("mqtt.max_uplink_rate", Limit.count(1, 1_000_000)),
            Map.entry("mqtt.max_uplink_bytes", Limit.bytes("1KiB", "1GiB")),
            Map.entry("mqtt.implicit_qos", Limit.count(0, 1)),
            Map.entry("mqtt.max_failed_logins", Limit.count(1, 1_000_000)),
            Map.entry("mqtt.max_failed_logins_per_address", Limit.count(1, 10_000_000)),
            Map.entry("mqtt.timestamp_tolerance", Limit.time("0s", "7d")),
            Map.entry("mqtts.port", Limit.count(0, 65535)),
            Map.entry("commands.timeout", Limit.time("100ms", "10m")),
            Map.entry("commands.max_timeout", Limit.time("100ms", "10m")),
            Map.entry("commands.max_per_device", Limit.count(1, 100_000)),
            Map.entry("commands.max_total", Limit.count(1, 10_000_000)),
            Map.entry("messages.max_wait", Limit.time("0s", "20s")),
            Map.entry("messages.max_size", Limit.bytes("1KiB", "1MiB")),
            Map.entry("messages.max_ttl", Limit.time("5m", "30d")),
            Map.entry("messages.max_per_device", Limit.count(1, 1000)),
            Map.entry("messages.resend_interval", Limit.time("0s", "10m")),
            Map.entry("messages.max_sends", Limit.count(1, 100)),
            Map.entry("registry.cache_size", Limit.count(100, 10_000_000)),
            Map.entry("registry.cache_time", Limit.time("1s", "24h")),
            Map.entry("database.pool_size", Limit.count(1, 100)),
            Map.entry("database.batch_size", Limit.count(1, 10_000)),
            Map.entry("database.statement_timeout", Limit.time("100ms", "10m")),
            Map.entry("cluster.port", Limit.count(1, 65535)),
            Map.entry("cluster.bus_port", Limit.count(0, 65535)),
            Map.entry("status.debounce", Limit.time("0s", "24h")),
            Map.entry("security.clock_window", Limit.time("1s", "24h")),
            Map.entry("security.token_lifetime", Limit.time("1m", "30d")),
            Map.entry("security.max_failed_passwords", Limit.count(1, 1_000_000)),
            Map.entry("shadow.flush_interval", Limit.time("0s", "5m")),
            Map.entry("shadow.max_waiting", Limit.count(100, 100_000_000)),
            Map.entry("push.timeout", Limit.time("100ms", "5m")),
            Map.entry("push.max_in_hand", Limit.count(16, 100_000)),
            Map.entry("push.max_in_flight", Limit.count(1, 1000)),
            Map.entry("push.max_failures", Limit.count(1, 1000)),
            Map.entry("push.probe_interval", Limit.time("100ms", "1h")),
            Map.entry("push.max_refusals", Limit.count(1, 1000)),
            Map.entry("push.max_dead_letters", Limit.count(1, 1_000_000)),
            Map.entry("storage.file_size", Limit.bytes("1KiB", "256MiB")),
            Map.entry("storage.file_interval", Limit.time("100ms", "1h")),
            Map.entry("amqp.port", Limit.count(0, 65535)),
            Map.entry("amqp.max_connections", Limit.count(1, 1_000_000)),
            Map.entry("amqp.max_links", Limit.count(1, 1000)),
            Map.entry("amqp.max_credit", Limit.count(1, 10_000)),
            Map.entry("amqp.login_window", Limit.time("1s", "24h")),
            Map.entry("amqps.port", Limit.count(0, 65535)));

    private Limits() {}

    static Optional<Limit> of(Key key) {
        return Optional.ofNullable(OF.get(key.path()));
    }

    /** All that have bounds. */
    static Map<String, Limit> all() {
        return OF;
    }
}
