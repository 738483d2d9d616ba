// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.downlink.net;

import org.jspecify.annotations.NullMarked;
