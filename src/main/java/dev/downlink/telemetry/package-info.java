// SPDX-License-Identifier: Apache-2.0
/**
 * What an operator sees of a gateway: its meters, whether it takes work, its log as JSON. The only user of Micrometer; rooms
 * resolve their meters once, when they start, so that counting costs some nanoseconds and no look-up.
 */
@NullMarked
package dev.downlink.telemetry;

import org.jspecify.annotations.NullMarked;
