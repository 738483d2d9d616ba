// SPDX-License-Identifier: Apache-2.0
/** Several gateway processes on one database. */
@NullMarked
package dev.downlink.cluster;

import org.jspecify.annotations.NullMarked;
