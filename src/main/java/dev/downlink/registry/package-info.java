// SPDX-License-Identifier: Apache-2.0
/**
 * The room that knows the rules of projects, spaces, products and devices. It stores nothing itself: everything comes from
 * the repository and goes there. What every command or login needs is kept in bounded caches that changes announced on the
 * bus make stale.
 */
@NullMarked
package dev.downlink.registry;

import org.jspecify.annotations.NullMarked;
