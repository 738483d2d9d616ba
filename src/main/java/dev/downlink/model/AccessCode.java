// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;

/** What consumers of a project's queues log in with (northbound §6.2). */
public record AccessCode(ProjectId project, Type type, String accessKey, Secret code, Instant created) {
    public enum Type {
        AMQP,
        MQTT
    }
}
