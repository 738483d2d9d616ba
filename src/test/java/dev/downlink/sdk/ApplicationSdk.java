// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.ForkedProgram;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The program on the application SDK. Safe for all threads. */
final class ApplicationSdk implements AutoCloseable {
    private final ForkedProgram program = ForkedProgram.source(
            "application", "target/sdk/application/*", Path.of("src/test/sdk/application/Application.java"));
    private final AtomicInteger lastCall = new AtomicInteger();

    /** What came of a call. */
    record Reply(JsonObject json) {

        /** The answer to a call that went well in the eyes of the SDK, with its HTTP status. */
        JsonObject body(int status) {
            assertThat(json.getInteger("status")).as("status of %s", json).isEqualTo(status);
            return json.getJsonObject("body");
        }

        /** A call went well whose answer has no fields. */
        void succeeded(int status) {
            assertThat(json.getInteger("status")).as("status of %s", json).isEqualTo(status);
        }

        /** The exception that the SDK threw. */
        JsonObject error() {
            assertThat(json.getJsonObject("error")).as("error of %s", json).isNotNull();
            return json.getJsonObject("error");
        }

        /** The exception, which has to be one about this answer of the gateway. */
        void failedWith(int status, String code) {
            assertThat(error().getMap())
                    .as("error with status and code")
                    .containsEntry("type", status < 500 ? "ClientRequestException" : "ServerResponseException")
                    .containsEntry("status", status)
                    .containsEntry("code", code);
            assertThat(error().getString("message")).as("error_msg").isNotBlank();
            assertThat(error().getString("request_id")).as("X-Request-Id").isNotBlank();
        }
    }

    /**
     * @param client how the SDK's client is set up, see the program
     * @param operation name of the method of the SDK's client
     * @param request with the names of the API
     */
    Reply call(JsonObject client, String operation, JsonObject request) {
        return await(send(client, operation, request));
    }

    /** Does not wait. Gives what to wait for. */
    int send(JsonObject client, String operation, JsonObject request) {
        int id = lastCall.incrementAndGet();
        program.tell(JsonObject.of("id", id, "client", client, "call", operation, "request", request)
                .encode());
        return id;
    }

    Reply await(int id) {
        String start = "{\"id\":" + id + ",";
        return new Reply(new JsonObject(program.hear(line -> line.startsWith(start))));
    }

    @Override
    public void close() {
        program.close();
    }
}
