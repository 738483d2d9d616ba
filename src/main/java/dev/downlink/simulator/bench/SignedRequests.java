// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.ProjectId;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.DeviceSeries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the HTTP request for each device. A request is made once and sent for some minutes,
 * since a signature is good for so long. Belongs to one event loop.
 */
final class SignedRequests {
    private static final Duration FRESH = Duration.ofMinutes(4);

    private final DeviceSeries series;
    private final ProjectId project;
    private final String host;
    private final Authority authority;
    private final Operation operation;
    private final byte[] content;
    private final InstantSource clock;
    private final byte[] @Nullable [] known;
    private Instant knownUntil = Instant.MIN;

    SignedRequests(
            DeviceSeries series,
            ProjectId project,
            String host,
            Authority authority,
            Operation operation,
            InstantSource clock) {
        this.series = series;
        this.project = project;
        this.host = host;
        this.authority = authority;
        this.operation = operation;
        content = operation.body().getBytes(StandardCharsets.UTF_8);
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
        String path = "/v5/iot/" + project + "/devices/" + series.device(device) + '/' + operation.resource();
        StringBuilder head = new StringBuilder(512)
                .append("POST ")
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(content.length);
        authority
                .headers("POST", path, content)
                .forEach((name, value) ->
                        head.append("\r\n").append(name).append(": ").append(value));
        byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + content.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return all;
    }

    /** What an answer says. */
    String outcome(int device, int status, String body) {
        return operation.outcome(series, device, status, body);
    }
}
