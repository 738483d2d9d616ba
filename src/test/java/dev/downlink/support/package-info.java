// SPDX-License-Identifier: Apache-2.0
/** What several tests share: clients, samples, signers. */
@NullMarked
package dev.downlink.support;

import org.jspecify.annotations.NullMarked;
