// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a device sends to log in with its secret (southbound §1.1, §1.2, sign type 1). */
public record DeviceLogin(String clientId, String userName, Secret password) {
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyyMMddHH").withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "HmacSHA256";

    public static DeviceLogin at(Instant now, DeviceId device, Secret secret) {
        String hour = HOUR.format(now);
        return new DeviceLogin(device + "_0_1_" + hour, device.value(), new Secret(hmac(hour, secret)));
    }

    /** The hour is the key and the secret is the message. */
    private static String hmac(String hour, Secret secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(hour.getBytes(StandardCharsets.US_ASCII), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(secret.bytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
