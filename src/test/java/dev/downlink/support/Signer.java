// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as the application SDK does (northbound §8.2). Written from the formulas alone, so that it can stand
 * against the gateway's own computation.
 */
public record Signer(String accessKey, String secretKey) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

    /** The headers of a request in the plain form, Host left out: X-Sdk-Date, Authorization and the extra ones. */
    public Map<String, String> plain(String method, URI uri, String body, Instant time, Map<String, String> extra) {
        SortedMap<String, String> headers = headers(uri, time, extra);
        String toSign = "SDK-HMAC-SHA256\n" + DATE.format(time) + "\n" + hash(canonical(method, uri, body, headers));
        String signature = hex(hmac(bytes(secretKey), toSign));
        return withAuthorization(
                headers,
                "SDK-HMAC-SHA256 Access=" + accessKey + ", SignedHeaders=" + names(headers) + ", Signature="
                        + signature);
    }

    /** The same in the derived form. */
    public Map<String, String> derived(String method, URI uri, String body, Instant time, String region) {
        SortedMap<String, String> headers = headers(uri, time, Map.of());
        String info = DAY.format(time) + "/" + region + "/iotdm";
        byte[] prk = hmac(bytes(accessKey), secretKey);
        byte[] okm = hmac(prk, info + "\u0001");
        String toSign = "V11-HMAC-SHA256\n" + DATE.format(time) + "\n" + info + "\n"
                + hash(canonical(method, uri, body, headers));
        String signature = hex(hmac(bytes(hex(okm)), toSign));
        return withAuthorization(
                headers,
                "V11-HMAC-SHA256 Credential=" + accessKey + "/" + info + ", SignedHeaders=" + names(headers)
                        + ", Signature=" + signature);
    }

    private static SortedMap<String, String> headers(URI uri, Instant time, Map<String, String> extra) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", uri.getAuthority());
        headers.put("x-sdk-date", DATE.format(time));
        extra.forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        return headers;
    }

    private static Map<String, String> withAuthorization(SortedMap<String, String> headers, String authorization) {
        Map<String, String> all = new TreeMap<>(headers);
        all.remove("host");
        all.put("Authorization", authorization);
        return all;
    }

    private static String canonical(String method, URI uri, String body, SortedMap<String, String> headers) {
        String path = Arrays.stream(uri.getRawPath().split("/", -1))
                .map(segment -> encode(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8)))
                .collect(Collectors.joining("/"));
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        String content = headers.containsKey("x-sdk-content-sha256") ? headers.get("x-sdk-content-sha256") : hash(body);
        return method + "\n" + (path.endsWith("/") ? path : path + "/") + "\n" + query(uri) + "\n" + lines + "\n"
                + names(headers) + "\n" + content;
    }

    private static String query(URI uri) {
        if (uri.getRawQuery() == null) {
            return "";
        }
        return Arrays.stream(uri.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .map(pair -> decoded(pair[0]) + "=" + (pair.length > 1 ? decoded(pair[1]) : ""))
                .sorted((a, b) -> a.substring(0, a.indexOf('=')).compareTo(b.substring(0, b.indexOf('='))))
                .collect(Collectors.joining("&"));
    }

    private static String decoded(String text) {
        return encode(URLDecoder.decode(text, StandardCharsets.UTF_8));
    }

    /** As Java's form encoder, put right where RFC 3986 differs. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String names(SortedMap<String, String> headers) {
        return String.join(";", headers.keySet());
    }

    private static String hash(String text) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(data));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
