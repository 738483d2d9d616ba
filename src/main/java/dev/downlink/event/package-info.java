// SPDX-License-Identifier: Apache-2.0
/** How events are written for their receivers, and which of them a rule asks for; pure functions of what the outbox holds. */
@NullMarked
package dev.downlink.event;

import org.jspecify.annotations.NullMarked;
