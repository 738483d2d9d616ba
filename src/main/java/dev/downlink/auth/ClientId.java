// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An MQTT client id, {@code {device}_0_{sign}_{YYYYMMDDHH}} (southbound §1.1). It is read from the right, since a device id
 * may hold {@code _} itself. The forms of bridges and of the bootstrap server are not among those that are understood.
 *
 * @param signType how the password was made: 0, 1 or 2 (southbound §1.2)
 * @param timestamp the hour in UTC as the device wrote it: ten digits, not checked any further
 */
public record ClientId(DeviceId device, int signType, String timestamp) {
    private static final Pattern FORM = Pattern.compile("(.+)_0_([012])_([0-9]{10})");

    /** Empty for anything that is not a device's client id. */
    public static Optional<ClientId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            DeviceId device = new DeviceId(matcher.group(1));
            return Optional.of(new ClientId(device, Integer.parseInt(matcher.group(2)), matcher.group(3)));
        } catch (InvalidField e) {
            return Optional.empty();
        }
    }
}
