// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.bus.Cached;
import dev.downlink.config.Settings;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.OutboxRows;
import dev.downlink.protocol.RegistryRequest.FindInterest;
import dev.downlink.protocol.RegistryRequest.Interest;
import io.vertx.core.Future;

/** What the rules of projects ask for, in memory: without any rule, what happens costs no statement. Belongs to one thread. */
final class Interests {
    private static final Interest ASKED = new Interest(true);
    private static final Interest NOT_ASKED = new Interest(false);

    private final Cached<ProjectId, OutboxRows.Interests> projects;

    Interests(Bus bus, Settings.Registry settings) {
        projects = new Cached<>(
                settings.cacheSize(),
                settings.cacheTime(),
                project -> bus.ask(new OutboxRows.SelectInterests(project)));
    }

    Future<Interest> find(FindInterest q) {
        return projects.find(q.project()).map(interests -> isAsked(interests, q) ? ASKED : NOT_ASKED);
    }

    private static boolean isAsked(OutboxRows.Interests interests, FindInterest q) {
        return !interests.all().isEmpty()
                && (interests.all().contains(new OutboxRows.Interest(null, q.subject()))
                        || interests.all().contains(new OutboxRows.Interest(q.space(), q.subject())));
    }

    void forget(ProjectId project) {
        projects.forget(project);
    }

    void forgetAll() {
        projects.forgetAll();
    }
}
