// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import java.nio.charset.StandardCharsets;

/** What simulated devices report: three properties of the product that is made for them, of which two change. */
final class SimulatedReport {
    private SimulatedReport() {}

    /** @param number another one each time */
    static byte[] payload(int number) {
        return ("{\"services\":[{\"service_id\":\"" + Provisioning.SERVICE + "\",\"properties\":{\"counter\":" + number
                        + ",\"temperature\":" + number % 500 / 10.0 + ",\"state\":\"ON\"},\"event_time\":null}]}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
