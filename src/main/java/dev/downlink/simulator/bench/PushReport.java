// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What came out of a run of {@link PushBench}. */
public record PushReport(List<MessageReport.Phase> phases, Ledger.Balance balance) {
    public PushReport {
        phases = List.copyOf(phases);
    }

    /** Whether every message's event came, in order, and nothing was refused. */
    public boolean isClean() {
        return balance.lost() == 0
                && balance.disordered() == 0
                && phases.stream().allMatch(phase -> phase.errors().isEmpty());
    }

    public JsonObject json() {
        JsonArray all = new JsonArray();
        phases.forEach(phase -> all.add(phase.json()));
        return new JsonObject()
                .put("phases", all)
                .put("events", balance.acknowledged())
                .put("lost", balance.lost())
                .put("twice", balance.twice())
                .put("disordered_devices", balance.disordered());
    }

    public String table() {
        return MessageReport.Phase.table("events", phases) + "\nevents " + balance.acknowledged() + ", lost "
                + balance.lost() + ", twice " + balance.twice() + ", devices with another order " + balance.disordered()
                + "\nOnline is a message with its event and the push; its times are those from the event to its"
                + " arrival.\n";
    }
}
