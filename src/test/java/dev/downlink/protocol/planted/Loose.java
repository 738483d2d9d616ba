// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol.planted;

import io.vertx.core.Vertx;

/** Is no record and knows more than the JDK, for {@code ArchitectureTest} to see. */
public class Loose {
    Vertx vertx() {
        return Vertx.vertx();
    }
}
