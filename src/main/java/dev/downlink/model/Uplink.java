// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import org.jspecify.annotations.Nullable;

/** What a device's PUBLISH is about, read from its topic alone (southbound §2.1). */
public sealed interface Uplink {
    /** The answer to a call; {@code requestId} is what the device wrote, not yet checked. */
    record Answer(CallKind kind, String requestId, boolean gzip) implements Uplink {}

    /** Data that nobody waits for. */
    record Report(Kind kind, boolean gzip) implements Uplink {
        public enum Kind {
            MESSAGE,
            PROPERTIES,
            SUB_DEVICE_PROPERTIES,
            EVENTS
        }
    }

    /**
     * A question for a shadow (southbound §2.6).
     *
     * @param subDevice whose id stands in the topic, if it is not the connection's; not yet checked
     */
    record ShadowGet(@Nullable DeviceId subDevice, String requestId, boolean gzip) implements Uplink {}

    /** {@code $oc/devices/{device}/user/{suffix}}: must be defined in the product. */
    record Custom(String suffix) implements Uplink {}

    /** A topic outside {@code $oc}. */
    record Free(String topic) implements Uplink {}

    /** Below the device's own prefix, but no topic of the protocol. */
    record Unknown() implements Uplink {}

    /** In the name of another device, or of nobody. */
    record Foreign() implements Uplink {}
}
