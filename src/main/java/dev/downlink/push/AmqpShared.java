// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.auth.Seats;
import dev.downlink.config.Settings;
import dev.downlink.telemetry.LogLimit;
import io.vertx.core.Vertx;

/** What the connections of consumers at one instance of the room share. */
record AmqpShared(
        Vertx vertx,
        Settings.Amqp settings,
        Seats seats,
        AmqpDirectory directory,
        AmqpLogin login,
        AmqpQueues queues,
        AmqpMeters meters,
        LogLimit logs) {}
