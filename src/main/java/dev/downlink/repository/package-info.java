// SPDX-License-Identifier: Apache-2.0
/**
 * The only SQL of the gateway: one class per table, hot statements in batches, secrets sealed on their way in and opened on
 * their way out. It decides nothing; it turns what a statement ran into into a failure of the protocol.
 */
@NullMarked
package dev.downlink.repository;

import org.jspecify.annotations.NullMarked;
