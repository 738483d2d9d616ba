// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.List;

/**
 * A person or program that logs in with a password for a token (northbound §8.5).
 *
 * @param passwordHash salted and slow; never leaves the gateway
 * @param passwordSince when the password was set; tokens given out earlier are void
 */
public record User(String domain, String name, Secret passwordHash, Instant passwordSince, List<Project> projects) {
    public User {
        Text.identifier("domain", domain, 64);
        Text.identifier("name", name, 64);
        projects = List.copyOf(projects);
    }
}
