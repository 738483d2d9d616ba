// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Request;
import io.vertx.core.Future;

/**
 * A room's answer to a request. {@link #to} ties the two types together, so that an answer of the wrong type does not
 * compile.
 */
public record Answer<R extends Record>(Future<R> future) {

    public static <R extends Record> Answer<R> to(Request<R> request, Future<R> future) {
        return new Answer<>(future);
    }

    public static <R extends Record> Answer<R> to(Request<R> request, R value) {
        return new Answer<>(Future.succeededFuture(value));
    }
}
