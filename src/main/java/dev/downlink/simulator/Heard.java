// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

/** Is told whether what a simulated device said was acknowledged. */
public interface Heard {
    Heard NOBODY = _ -> {};

    void ended(boolean acknowledged);
}
