// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.protocol.Done;
import io.vertx.core.Future;

/** Work that has got its place in the order, so that the next of its connection may begin. */
record Begun(Future<Done> done) {}
