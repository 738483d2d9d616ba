// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** An answer that is ready to be written; an empty body has no content type. */
record Reply(int status, Buffer body, Map<String, String> headers) {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final Reply NO_CONTENT = new Reply(204, Buffer.buffer(), Map.of());

    /** Done, and nothing to say. */
    static final Reply OK = new Reply(200, Buffer.buffer(), Map.of());

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, ObjectNode body) {
        return new Reply(status, JsonText.write(body), Map.of());
    }

    /** What the error table says. */
    static Reply of(Failure failure) {
        Problem problem = Problem.of(failure);
        Map<String, String> headers = problem.status() == 503 ? Map.of("Retry-After", "1") : Map.of();
        return new Reply(problem.status(), JsonText.write(error(problem)), headers);
    }

    static ObjectNode error(Problem problem) {
        return new Members()
                .put("error_code", problem.code())
                .put("error_msg", problem.text())
                .put("reason", problem.reason())
                .node();
    }

    /** Sends it, under a fresh request id. */
    Future<Void> end(HttpServerResponse response) {
        response.setStatusCode(status).putHeader(REQUEST_ID, requestId());
        if (body.length() > 0) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        }
        headers.forEach(response::putHeader);
        return response.end(body);
    }

    private static CharSequence requestId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, body, more);
    }
}
