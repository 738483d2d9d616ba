// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * How a simulated device answers a call, in the shape of its kind (southbound §2.4, §2.5). It repeats its own id and the request
 * id, so that the caller can see an answer that is not his.
 *
 * @param asked the payload of the call, where the answer depends on it
 */
record CallAnswer(DeviceId device, CallKind kind, String asked) {

    /** @param result 0 when it went well; there is none in the answer to a question for properties */
    byte[] payload(int result, String request) {
        String text = switch (kind) {
            case COMMAND ->
                "{\"result_code\":" + result + ",\"response_name\":\"COMMAND_RESPONSE\",\"paras\":" + echo(request)
                        + "}";
            case PROPERTIES_SET ->
                "{\"result_code\":" + result + ",\"result_desc\":\"request " + request + " of device " + device + "\"}";
            case PROPERTIES_GET -> "{\"services\":" + (result == 0 ? services(request) : "[]") + "}";
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String echo(String request) {
        return "{\"device\":\"" + device + "\",\"request\":\"" + request + "\"}";
    }

    private String services(String request) {
        JsonObject service = new JsonObject()
                .put("service_id", wanted())
                .put("properties", new JsonObject(echo(request)))
                .putNull("event_time");
        return new JsonArray().add(service).encode();
    }

    private String wanted() {
        try {
            return new JsonObject(asked).getString("service_id", Provisioning.SERVICE);
        } catch (DecodeException | ClassCastException _) {
            return Provisioning.SERVICE;
        }
    }
}
