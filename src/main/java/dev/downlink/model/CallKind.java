// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** The calls that wait for a device's answer (southbound §5). */
public enum CallKind {
    COMMAND,
    PROPERTIES_SET,
    PROPERTIES_GET
}
