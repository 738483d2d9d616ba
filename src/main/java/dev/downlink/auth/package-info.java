// SPDX-License-Identifier: Apache-2.0
/** Pure checks of who somebody is, and the keys that protect secrets at rest. */
@NullMarked
package dev.downlink.auth;

import org.jspecify.annotations.NullMarked;
