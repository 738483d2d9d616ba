// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.cli.DownlinkCommand;

/** The program: {@code java -jar downlink.jar COMMAND}. */
public final class Downlink {
    private Downlink() {}

    public static void main(String[] args) {
        Platform.tuneBuffers();
        System.exit(DownlinkCommand.execute(args));
    }
}
