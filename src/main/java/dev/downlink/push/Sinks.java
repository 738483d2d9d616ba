// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;

/** Opens sinks. */
interface Sinks {

    /** @param ready called whenever there is room again */
    Sink open(ProjectId project, Channel channel, Runnable ready);
}
