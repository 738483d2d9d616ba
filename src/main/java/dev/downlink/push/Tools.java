// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Settings;
import java.util.function.LongSupplier;

/**
 * What the outlets of one instance of the room share.
 *
 * @param now nanoseconds that only grow, from 0
 */
record Tools(Settings.Push settings, Sinks sinks, Endings endings, Notes notes, PushMeters meters, LongSupplier now) {}
