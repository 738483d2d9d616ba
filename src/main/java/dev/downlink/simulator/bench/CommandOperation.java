// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Provisioning;

/**
 * A synchronous command. An answer is good only when it is of the device that was asked and of this very request, which
 * simulated devices repeat in it.
 */
record CommandOperation() implements Operation {
    @Override
    public String resource() {
        return "commands";
    }

    @Override
    public String body() {
        return "{\"service_id\":\"" + Provisioning.SERVICE + "\",\"command_name\":\"" + Provisioning.COMMAND
                + "\",\"paras\":{\"value\":\"ON\"}}";
    }

    @Override
    public String outcome(DeviceSeries series, int device, int status, String body) {
        String request = Operation.text(body, "command_id");
        if (status != 200 || request.isEmpty() || body.contains("\"error_code\"")) {
            return Operation.error(status, body);
        }
        if (!body.contains("\"result_code\":0")) {
            return "device error";
        }
        boolean own = body.contains("\"request\":\"" + request + '"')
                && body.contains("\"device\":\"" + series.device(device) + '"');
        return own ? Line.OK : "foreign answer";
    }
}
