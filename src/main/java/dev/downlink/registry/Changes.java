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
        facts.forgetDevice(id);
        bus.publish(new Notice.DeviceChanged(id));
    }

    void product(ProjectId project, ProductId id) {
        facts.forgetProduct(project, id);
        bus.publish(new Notice.ProductChanged(project, id));
    }

    void rules(ProjectId project) {
        facts.forgetRules(project);
        bus.publish(new Notice.RulesChanged(project));
    }

    void accounts() {
        facts.forgetAccounts();
        bus.publish(new Notice.AccountsChanged());
    }
}
