// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.ProjectId;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Provisioning;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the HTTP request for each device, and what an answer means. A request is made once and sent for some minutes,
 * since a signature is good for so long. Belongs to one event loop.
 */
final class CommandRequests {
    private static final Duration FRESH = Duration.ofMinutes(4);
    private static final byte[] BODY = ("{\"service_id\":\"" + Provisioning.SERVICE + "\",\"command_name\":\""
                    + Provisioning.COMMAND + "\",\"paras\":{\"value\":\"ON\"}}")
            .getBytes(StandardCharsets.UTF_8);
    private static final String COMMAND_ID = "\"command_id\":\"";
    private static final String ERROR_CODE = "\"error_code\":\"";

    private final DeviceSeries series;
    private final ProjectId project;
    private final String host;
    private final Authority authority;
    private final InstantSource clock;
    private final byte[] @Nullable [] known;
    private Instant knownUntil = Instant.MIN;

    CommandRequests(DeviceSeries series, ProjectId project, String host, Authority authority, InstantSource clock) {
        this.series = series;
        this.project = project;
        this.host = host;
        this.authority = authority;
        this.clock = clock;
        known = new byte[series.count()][];
    }

    byte[] of(int device) {
        Instant now = clock.instant();
        if (!now.isBefore(knownUntil)) {
            Arrays.fill(known, null);
            knownUntil = now.plus(FRESH);
        }
        byte[] request = known[device];
        if (request == null) {
            request = make(device);
            known[device] = request;
        }
        return request;
    }

    private byte[] make(int device) {
        String path = "/v5/iot/" + project + "/devices/" + series.device(device) + "/commands";
        StringBuilder head = new StringBuilder(512)
                .append("POST ")
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(BODY.length);
        authority
                .headers("POST", path, BODY)
                .forEach((name, value) ->
                        head.append("\r\n").append(name).append(": ").append(value));
        byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + BODY.length);
        System.arraycopy(BODY, 0, all, start.length, BODY.length);
        return all;
    }

    /**
     * What an answer says. An answer is good only when it is of the device that was asked and of this very request, which
     * simulated devices repeat in it.
     */
    String outcome(int device, int status, String body) {
        int error = body.indexOf(ERROR_CODE);
        if (error >= 0) {
            return status + " " + text(body, error + ERROR_CODE.length());
        }
        int id = body.indexOf(COMMAND_ID);
        if (status != 200 || id < 0) {
            return String.format(Locale.ROOT, "%d", status);
        }
        if (!body.contains("\"result_code\":0")) {
            return "device error";
        }
        String request = text(body, id + COMMAND_ID.length());
        boolean own = body.contains("\"request\":\"" + request + '"')
                && body.contains("\"device\":\"" + series.device(device) + '"');
        return own ? Line.OK : "foreign answer";
    }

    private static String text(String body, int from) {
        int end = body.indexOf('"', from);
        return body.substring(from, end < 0 ? body.length() : end);
    }
}
