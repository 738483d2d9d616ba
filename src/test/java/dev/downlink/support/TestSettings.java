// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import dev.downlink.config.Settings;
import dev.downlink.config.SettingsReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The default settings with some changed, in the way a user changes them. */
public final class TestSettings {
    private TestSettings() {}

    /** Free is the management port, unless it is given; the transport is that of {@code -Dtests.transport}.
     *
     * @param variables name and value in turn, the names without {@code DOWNLINK_} */
    public static Settings of(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DOWNLINK_MANAGEMENT_PORT", "0", "DOWNLINK_TRANSPORT", System.getProperty("tests.transport", "auto")));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put("DOWNLINK_" + variables[i], variables[i + 1]);
        }
        return SettingsReader.read(Optional.empty(), environment);
    }
}
