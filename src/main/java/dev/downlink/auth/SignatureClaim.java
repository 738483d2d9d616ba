// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the Authorization header of a signed request says (northbound §8.1).
 *
 * @param scope of the derived form: {@code yyyyMMdd/region/iotdm}; empty in the plain form
 * @param signedHeaders names in lower case, sorted
 */
public record SignatureClaim(
        Algorithm algorithm, String accessKey, String scope, List<String> signedHeaders, String signature) {
    private static final int MAX_LENGTH = 4096;

    public SignatureClaim {
        signedHeaders = List.copyOf(signedHeaders);
    }

    /** The two algorithms of the SDK that are accepted. */
    public enum Algorithm {
        PLAIN("SDK-HMAC-SHA256"),
        DERIVED("V11-HMAC-SHA256");

        private final String spelling;

        Algorithm(String spelling) {
            this.spelling = spelling;
        }

        String spelling() {
            return spelling;
        }
    }

    /** @throws NotAuthentic for an unknown algorithm or a missing part */
    public static SignatureClaim parse(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0 || authorization.length() > MAX_LENGTH) {
            throw new NotAuthentic("the Authorization header cannot be read");
        }
        Algorithm algorithm = algorithm(authorization.substring(0, space));
        String[] parts = authorization.substring(space + 1).split(",");
        List<String> sorted = sorted(part(parts, "SignedHeaders"));
        String signature = part(parts, "Signature");
        if (algorithm == Algorithm.PLAIN) {
            return new SignatureClaim(algorithm, part(parts, "Access"), "", sorted, signature);
        }
        String credential = part(parts, "Credential");
        int slash = credential.indexOf('/');
        if (slash < 0) {
            throw new NotAuthentic("Credential has no scope");
        }
        return new SignatureClaim(
                algorithm, credential.substring(0, slash), credential.substring(slash + 1), sorted, signature);
    }

    private static List<String> sorted(String signedHeaders) {
        String[] names = signedHeaders.toLowerCase(Locale.ROOT).split(";");
        Arrays.sort(names);
        for (int i = 1; i < names.length; i++) {
            if (names[i].equals(names[i - 1])) {
                throw new NotAuthentic("SignedHeaders names a header twice");
            }
        }
        return List.of(names);
    }

    private static Algorithm algorithm(String spelling) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.spelling.equals(spelling)) {
                return algorithm;
            }
        }
        throw new NotAuthentic("the algorithm must be SDK-HMAC-SHA256 or V11-HMAC-SHA256");
    }

    private static String part(String[] parts, String name) {
        for (String padded : parts) {
            String part = padded.strip();
            int value = name.length() + 1;
            if (part.length() > value && part.startsWith(name) && part.charAt(value - 1) == '=') {
                return part.substring(value);
            }
        }
        throw new NotAuthentic("the Authorization header has no " + name);
    }
}
