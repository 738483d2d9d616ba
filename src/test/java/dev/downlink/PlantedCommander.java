// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.cli.DownlinkCommand;

/** Breaks the wall between a process and its commands, so that the rule is seen to fail. */
final class PlantedCommander {
    private PlantedCommander() {}

    static int run() {
        return DownlinkCommand.execute("run");
    }
}
