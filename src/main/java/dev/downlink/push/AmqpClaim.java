// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a consumer claims to be when it logs in (northbound §6.2). */
record AmqpClaim(String accessKey, Instant timestamp, Secret code) {

    /**
     * Reads the response of SASL PLAIN, whose user is {@code accessKey=…|timestamp=…|instanceId=…} in any order. Milliseconds
     * since 1970 are a timestamp; parts of other names say nothing to us. Empty when it cannot be read.
     */
    static Optional<AmqpClaim> parse(byte[] response) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(response))
                    .toString();
            List<String> fields = List.of(text.split("\0", -1));
            return fields.size() == 3 ? of(fields.get(1), fields.get(2)) : Optional.empty();
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static Optional<AmqpClaim> of(String user, String password) {
        Map<String, String> parts = new HashMap<>();
        for (String part : user.split("\\|", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0 && parts.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
                return Optional.empty();
            }
        }
        String key = parts.get("accessKey");
        String timestamp = parts.get("timestamp");
        return key == null || timestamp == null
                ? Optional.empty()
                : time(timestamp).map(at -> new AmqpClaim(key, at, new Secret(password)));
    }

    private static Optional<Instant> time(String millis) {
        try {
            return Optional.of(Instant.ofEpochMilli(Long.parseLong(millis)));
        } catch (NumberFormatException | DateTimeException _) {
            return Optional.empty();
        }
    }
}
