// SPDX-License-Identifier: Apache-2.0
/** The HTTP room over a real socket; its neighbours are fakes on the bus. */
@NullMarked
package dev.downlink.http;

import org.jspecify.annotations.NullMarked;
