// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.DeviceId;

/** Hears of messages that arrive at simulated devices; must be safe for all event loops. */
public interface Inbox {
    /** Throws everything away. */
    Inbox NONE = (_, _) -> {};

    void received(DeviceId device, String payload);
}
