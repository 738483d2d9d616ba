// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.MessageStatus;
import dev.downlink.simulator.DeviceSeries;

/**
 * A durable message.
 *
 * @param size of its content, in characters
 * @param expected the status that the answer is to have
 * @param ledger takes the ids that the gateway has acknowledged
 */
record MessageOperation(int size, MessageStatus expected, Ledger ledger) implements Operation {
    @Override
    public String resource() {
        return "messages";
    }

    @Override
    public String body() {
        return "{\"message\":\"" + "x".repeat(size) + "\"}";
    }

    @Override
    public String outcome(DeviceSeries series, int device, int status, String body) {
        if (status != 201) {
            return Operation.error(status, body);
        }
        ledger.acknowledged(series.device(device), Operation.text(body, "message_id"));
        String became = Operation.text(body, "status");
        return became.equals(expected.name()) ? Line.OK : became;
    }
}
