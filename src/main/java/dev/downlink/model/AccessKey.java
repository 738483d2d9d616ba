// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;

/** A key pair with which an application signs its requests (northbound §8.1). It opens one project. */
public record AccessKey(String id, Secret secret, ProjectId project, Instant created) {
    public AccessKey {
        Text.identifier("access_key", id, 64);
    }
}
