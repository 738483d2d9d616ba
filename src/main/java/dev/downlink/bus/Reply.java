// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

/**
 * What became of the {@link Asked} with this number.
 *
 * @param answer a record, or a {@link Refusal}
 */
record Reply(long number, Object answer) {}
