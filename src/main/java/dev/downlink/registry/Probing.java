// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.PushRequest;
import io.vertx.core.Future;
import java.util.List;

/** Tries whether the channels of a rule lead somewhere when the rule is to use them, if that is wanted. */
final class Probing {
    private final Bus bus;
    private final boolean wanted;

    Probing(Bus bus, Settings.Push settings) {
        this.bus = bus;
        wanted = settings.testOnActivation();
    }

    /** All at once. Fails with what the first one says that fails. */
    Future<?> check(ProjectId project, List<Channel> channels) {
        return wanted
                ? Future.all(channels.stream()
                        .filter(channel -> !(channel instanceof Channel.Amqp))
                        .map(channel -> bus.ask(new PushRequest.ProbeChannel(project, channel)))
                        .toList())
                : Future.succeededFuture();
    }
}
