// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/**
 * A topic filter that a device subscribed to.
 *
 * @param qos what was granted, 0 or 1
 */
public record Subscription(String filter, int qos) {}
