// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests as the S3 protocol asks for it: Signature Version 4 of AWS, in the header Authorization. */
record SigV4(String accessKey, Secret secretKey, String region, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /**
     * @param path as it is sent, encoded
     * @param query as it is sent, encoded and sorted by name
     * @param headers all that are signed, names in lower case, among them host and x-amz-date
     * @param bodyHash SHA-256 of the body in hexadecimal digits
     * @return the header
     */
    String authorization(String method, String path, String query, SortedMap<String, String> headers, String bodyHash) {
        String time = headers.getOrDefault("x-amz-date", "");
        String day = time.substring(0, 8);
        String scope = day + '/' + region + '/' + service + "/aws4_request";
        String names = String.join(";", headers.keySet());
        StringBuilder request =
                new StringBuilder().append(method + '\n').append(path + '\n').append(query + '\n');
        headers.forEach((name, value) -> request.append(name + ':' + value.strip() + '\n'));
        request.append('\n').append(names + '\n').append(bodyHash);
        String toSign = ALGORITHM + '\n' + time + '\n' + scope + '\n' + hash(bytes(request.toString()));
        String signature = HexFormat.of().formatHex(hmac(key(day), toSign));
        return ALGORITHM + " Credential=" + accessKey + '/' + scope + ",SignedHeaders=" + names + ",Signature="
                + signature;
    }

    /** SHA-256 in hexadecimal digits. */
    static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] key(String day) {
        byte[] ofDay = hmac(bytes("AWS4" + secretKey.value()), day);
        return hmac(hmac(hmac(ofDay, region), service), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
