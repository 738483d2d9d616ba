// SPDX-License-Identifier: Apache-2.0
/**
 * The gateway as a whole against the official SDKs, which are not changed in any way: one gateway in a process of its own,
 * applications on the application SDK and devices on the device SDK in theirs.
 */
@NullMarked
package dev.downlink.sdk;

import org.jspecify.annotations.NullMarked;
