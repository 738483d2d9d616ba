// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.security.SecureRandom;

/**
 * Who this process is in a cluster.
 *
 * @param id differs at every start; part of request ids and bus addresses
 * @param name stays over restarts
 */
public record NodeIdentity(int id, String name) {
    public static NodeIdentity fresh(String name) {
        return new NodeIdentity(new SecureRandom().nextInt(), name);
    }
}
