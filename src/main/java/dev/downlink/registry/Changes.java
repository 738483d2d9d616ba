// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.Notice;

/**
 * Announces committed changes to the whole cluster. What this instance itself has in memory is stale at once, so that whoever
 * made a change never reads the state before it from the same instance.
 */
final class Changes {
    private final Bus bus;
    private final Facts facts;

    Changes(Bus bus, Facts facts) {
        this.bus = bus;
        this.facts = facts;
    }

    void device(DeviceId id) {
        announce(new Notice.DeviceChanged(id));
    }

    void product(ProjectId project, ProductId id) {
        announce(new Notice.ProductChanged(project, id));
    }

    void rules(ProjectId project) {
        announce(new Notice.RulesChanged(project));
    }

    void accounts() {
        announce(new Notice.AccountsChanged());
    }

    private void announce(Notice.Change change) {
        heard(change);
        bus.publish(change);
    }

    /** Of a change, whoever made it. */
    void heard(Notice.Change change) {
        facts.forget(change);
        bus.publishHere(new Notice.Forgotten(change));
    }
}
