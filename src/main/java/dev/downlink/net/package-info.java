// SPDX-License-Identifier: Apache-2.0
/** What the sockets of all rooms have in common. */
@NullMarked
package dev.downlink.net;

import org.jspecify.annotations.NullMarked;
