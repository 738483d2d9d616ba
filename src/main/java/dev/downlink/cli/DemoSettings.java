// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Listening;
import dev.downlink.config.Settings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The settings of a demo: as they are, but with all doors, a certificate, and free ports in place of taken ones. */
final class DemoSettings {
    private DemoSettings() {}

    static Settings of(Settings given) throws IOException {
        Listening listening = new Listening(given.host());
        Settings.Mqtts mqtts = given.mqtts();
        if (mqtts.certificate() == null) {
            DemoCertificate made = DemoCertificate.in(given.dataDir());
            mqtts = new Settings.Mqtts(mqtts.port(), made.certificate(), made.key());
        }
        return given.withDoors(
                List.copyOf(Arrays.asList(Settings.Role.values())),
                freeOr0(listening, given.http().port()),
                freeOr0(new Listening(given.managementHost()), given.managementPort()),
                freeOr0(listening, given.mqtt().port()),
                new Settings.Mqtts(freeOr0(listening, mqtts.port()), mqtts.certificate(), mqtts.key()),
                freeOr0(listening, given.amqpPort()));
    }

    private static int freeOr0(Listening listening, int port) {
        return listening.free(port) ? port : 0;
    }
}
