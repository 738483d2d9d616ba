// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.model.Secret;
import dev.downlink.model.Timestamps;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the signature of an application's request, plain and derived form (northbound §8.2). Reuses its digest and MAC, so
 * it belongs to one thread. Derived keys are kept, at most {@value #MAX_DERIVED} of them.
 */
public final class RequestSignature {
    /** The value of X-Sdk-Content-Sha256 that leaves the body out of the signature. */
    public static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private static final String DATE = "x-sdk-date";
    private static final String CONTENT_HASH = "x-sdk-content-sha256";
    private static final int MAX_DERIVED = 1000;
    private static final int MAX_SCOPE = 128;

    private final Duration clockWindow;
    private final InstantSource clock;
    private final MessageDigest sha256;
    private final Mac hmac;
    private final LinkedHashMap<Scope, Derived> derived = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder(512);
    /** The key that the MAC was made ready with. */
    private @Nullable Secret inPlace;

    /** @param clockWindow how far X-Sdk-Date may be off, either way */
    public RequestSignature(Duration clockWindow, InstantSource clock) {
        this.clockWindow = clockWindow;
        this.clock = clock;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            hmac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * What can be checked before the key and the body are there.
     *
     * @throws NotAuthentic when X-Sdk-Date is missing, unreadable or outside the clock window, or a signed header is missing
     */
    public void checkHeaders(SignatureClaim claim, SignedRequest request) {
        String date = present(request, DATE);
        Instant signed = Timestamps.parseCompact(date)
                .orElseThrow(() -> new NotAuthentic("X-Sdk-Date must look like 20260101T120000Z"));
        if (Duration.between(signed, clock.instant()).abs().compareTo(clockWindow) > 0) {
            throw new NotAuthentic("X-Sdk-Date is more than " + clockWindow.toSeconds() + " s off");
        }
        if (claim.scope().length() > MAX_SCOPE) {
            throw new NotAuthentic("the scope in Credential is too long");
        }
        for (String name : claim.signedHeaders()) {
            var _ = present(request, name);
        }
    }

    /** @throws NotAuthentic when the signature is not the one that the secret key gives for this request and body */
    public void check(SignatureClaim claim, Secret secretKey, SignedRequest request, byte[] body) {
        String hash = hex(sha256.digest(bytes(canonical(claim, request, contentHash(request, body)))));
        StringBuilder toSign = empty().append(claim.algorithm().spelling())
                .append('\n')
                .append(present(request, DATE))
                .append('\n');
        if (claim.algorithm() == SignatureClaim.Algorithm.DERIVED) {
            toSign.append(claim.scope()).append('\n');
        }
        toSign.append(hash);
        byte[] expected = bytes(hex(hmac(signingKey(claim, secretKey), toSign.toString())));
        if (!MessageDigest.isEqual(expected, bytes(claim.signature()))) {
            throw new NotAuthentic("the signature does not match");
        }
    }

    private String contentHash(SignedRequest request, byte[] body) {
        @Nullable String told = request.header().apply(CONTENT_HASH);
        if (told != null && told.equals(UNSIGNED)) {
            return told;
        }
        String real = hex(sha256.digest(body));
        if (told != null && !told.equals(real)) {
            throw new NotAuthentic("X-Sdk-Content-Sha256 is not the body's");
        }
        return real;
    }

    private StringBuilder empty() {
        text.setLength(0);
        return text;
    }

    private String canonical(SignatureClaim claim, SignedRequest request, String contentHash) {
        StringBuilder out = empty().append(request.method()).append('\n');
        appendPath(out, request.segments());
        appendQuery(out.append('\n'), request.query());
        out.append('\n');
        for (String name : claim.signedHeaders()) {
            out.append(name).append(':').append(present(request, name)).append('\n');
        }
        out.append('\n').append(String.join(";", claim.signedHeaders())).append('\n');
        return out.append(contentHash).toString();
    }

    private static void appendPath(StringBuilder out, List<String> segments) {
        for (String segment : segments) {
            Percent.encode(out.append('/'), segment);
        }
        if (out.charAt(out.length() - 1) != '/') {
            out.append('/');
        }
    }

    private static void appendQuery(StringBuilder out, List<SignedRequest.Pair> query) {
        List<SignedRequest.Pair> sorted = query.size() < 2
                ? query
                : query.stream()
                        .sorted(Comparator.comparing(SignedRequest.Pair::name))
                        .toList();
        String separator = "";
        for (SignedRequest.Pair pair : sorted) {
            Percent.encode(out.append(separator), pair.name());
            Percent.encode(out.append('='), pair.value());
            separator = "&";
        }
    }

    private Secret signingKey(SignatureClaim claim, Secret secretKey) {
        if (claim.algorithm() == SignatureClaim.Algorithm.PLAIN) {
            return secretKey;
        }
        Scope scope = new Scope(claim.accessKey(), claim.scope());
        Derived known = derived.get(scope);
        if (known == null || !known.from.equals(secretKey)) {
            known = new Derived(secretKey, derive(scope, secretKey));
            derived.put(scope, known);
            if (derived.size() > MAX_DERIVED) {
                derived.pollFirstEntry();
            }
        }
        return known.key;
    }

    /** The key is the text of the hexadecimal digits, not the bytes that they stand for. */
    private Secret derive(Scope scope, Secret secretKey) {
        init(bytes(scope.accessKey));
        init(hmac.doFinal(secretKey.bytes()));
        return new Secret(hex(hmac.doFinal(bytes(scope.scope + '\u0001'))));
    }

    /** The key of the last time is still in place. */
    private byte[] hmac(Secret key, String text) {
        if (!key.equals(inPlace)) {
            init(key.bytes());
            inPlace = key;
        }
        return hmac.doFinal(bytes(text));
    }

    private void init(byte[] key) {
        inPlace = null;
        try {
            hmac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC takes every key", e);
        }
    }

    private static String present(SignedRequest request, String header) {
        @Nullable String value = request.header().apply(header);
        if (value == null) {
            throw new NotAuthentic("the header " + header + " is missing");
        }
        return value.strip();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private record Scope(String accessKey, String scope) {}

    private record Derived(Secret from, Secret key) {}
}
