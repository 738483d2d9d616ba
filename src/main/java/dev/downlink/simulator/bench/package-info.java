// SPDX-License-Identifier: Apache-2.0
/**
 * Load and measurement: makes commands at a fixed rate or with a fixed number of callers, records how long each took, and
 * reads from /proc what that cost the server. A load is split over event loops; each part keeps its own figures, which are
 * added up at the end.
 */
@NullMarked
package dev.downlink.simulator.bench;

import org.jspecify.annotations.NullMarked;
