// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.DeviceId;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.Secret;
import java.util.Locale;

/**
 * The simulated devices: numbered, of one product, with one secret for all, so that they can be made and found again without
 * a list of them.
 */
public record DeviceSeries(ProductId product, int count, Secret secret) {
    public NodeName node(int index) {
        return new NodeName(String.format(Locale.ROOT, "%06d", index));
    }

    /** As the gateway makes it when none is asked for. */
    public DeviceId device(int index) {
        return new DeviceId(product + "_" + node(index));
    }
}
