// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.model.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids and secrets that nobody can guess. */
final class Fresh {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String ALPHANUMERIC = UPPER + "abcdefghijklmnopqrstuvwxyz";

    private Fresh() {}

    /** 32 hexadecimal digits. */
    static String hex() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** A device's secret, as long as a device can have one. */
    static Secret deviceSecret() {
        return new Secret(hex());
    }

    static String accessKey() {
        return text(UPPER, 20);
    }

    static Secret secretKey() {
        return new Secret(text(ALPHANUMERIC, 40));
    }

    /** What consumers of a project's queues say who they are by: as long as the contract has it. */
    static String codeKey() {
        return text(ALPHANUMERIC, 8);
    }

    static Secret accessCode() {
        return new Secret(text(ALPHANUMERIC, 32));
    }

    private static String text(String alphabet, int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return out.toString();
    }
}
