// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import org.jspecify.annotations.Nullable;

/** What a device says that it runs (southbound §2.7); null where it has said nothing. */
public record Versions(
        @Nullable String sdk,
        @Nullable String software,
        @Nullable String firmware) {
    public static final Versions UNKNOWN = new Versions(null, null, null);

    private static final int MAX_LENGTH = 256;

    public Versions {
        Text.optional("device_sdk_version", sdk, MAX_LENGTH);
        Text.optional("sw_version", software, MAX_LENGTH);
        Text.optional("fw_version", firmware, MAX_LENGTH);
    }
}
