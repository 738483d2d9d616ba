// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict reading of UTF-8. */
public final class Utf8 {
    private Utf8() {}

    /** @throws CharacterCodingException for bytes that are not UTF-8 */
    public static String text(byte[] bytes) throws CharacterCodingException {
        return isAscii(bytes)
                ? new String(bytes, StandardCharsets.ISO_8859_1)
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
    }

    private static boolean isAscii(byte[] bytes) {
        int seen = 0;
        for (byte b : bytes) {
            seen |= b;
        }
        return seen >= 0;
    }
}
