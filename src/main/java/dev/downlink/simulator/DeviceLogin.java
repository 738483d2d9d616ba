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

/** What a device sends to log in with its secret (southbound §1.1, §1.2). */
public record DeviceLogin(String clientId, String userName, Secret password) {
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyyMMddHH").withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "HmacSHA256";

    /** Is valid around that hour only (sign type 1). */
    public static DeviceLogin at(Instant now, DeviceId device, Secret secret) {
        return of(1, now, device, secret);
    }

    /** Is valid at any time (sign type 0). */
    public static DeviceLogin unbound(Instant now, DeviceId device, Secret secret) {
        return of(0, now, device, secret);
    }

    private static DeviceLogin of(int signType, Instant now, DeviceId device, Secret secret) {
        String hour = HOUR.format(now);
        String clientId = device + "_0_" + signType + '_' + hour;
        return new DeviceLogin(clientId, device.value(), new Secret(hmac(hour, secret)));
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
