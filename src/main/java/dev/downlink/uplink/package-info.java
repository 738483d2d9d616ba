// SPDX-License-Identifier: Apache-2.0
/**
 * What devices say by themselves, whatever the protocol they say it in: properties, messages and events. Whose they are is
 * checked here; then they are offered to the rules, and properties go on to the shadows. One instance per event loop.
 */
@NullMarked
package dev.downlink.uplink;

import org.jspecify.annotations.NullMarked;
