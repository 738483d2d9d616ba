// SPDX-License-Identifier: Apache-2.0
/** Pure checks: request signatures, tokens, device passwords, certificate fingerprints, secrets at rest. No I/O on any network. */
@NullMarked
package dev.downlink.auth;

import org.jspecify.annotations.NullMarked;
