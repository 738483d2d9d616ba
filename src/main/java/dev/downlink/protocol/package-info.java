// SPDX-License-Identifier: Apache-2.0
/**
 * The verbs of the gateway: every request, reply, event, failure and address that travels on the bus. A request carries the
 * type of its answer, requests are sealed per room, and {@link dev.downlink.protocol.Problem} is the one error table.
 *
 * <p>Fields may be added to these records, never renamed or removed: during a rolling upgrade old and new pods talk.
 */
@NullMarked
package dev.downlink.protocol;

import org.jspecify.annotations.NullMarked;
