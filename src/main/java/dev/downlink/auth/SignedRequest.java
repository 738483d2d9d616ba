// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an HTTP request that its signature covers, except the body.
 *
 * @param segments of the path, decoded
 * @param query decoded, in the order of the request
 * @param header value of a header, by its name in lower case
 */
public record SignedRequest(
        String method, List<String> segments, List<Pair> query, Function<String, @Nullable String> header) {

    /** A name and a value of the query. */
    public record Pair(String name, String value) {}
}
