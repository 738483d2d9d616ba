// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

/**
 * A stretch of time of a measurement.
 *
 * @param second of its beginning, from the beginning of the measurement
 * @param latency of the commands that were to begin in it and went well
 */
public record Slice(double second, Latency latency, long errors) {}
