// SPDX-License-Identifier: Apache-2.0
/**
 * The nouns of the gateway: immutable records and the rules that belong to them. Knows the JDK and nothing else; whoever
 * builds an invalid noun gets an {@link dev.downlink.model.InvalidField} that names the field and the reason.
 */
@NullMarked
package dev.downlink.model;

import org.jspecify.annotations.NullMarked;
