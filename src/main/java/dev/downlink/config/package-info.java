// SPDX-License-Identifier: Apache-2.0
/** Settings: one tree of records, read once from YAML and the environment, with all mistakes reported together. */
@NullMarked
package dev.downlink.config;

import org.jspecify.annotations.NullMarked;
