// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows of a gateway's batched statements so far, as its metrics tell it.
 *
 * @param rows by the statement's name
 */
record BatchRows(Map<String, Long> rows) {
    private static final Pattern SERIES =
            Pattern.compile("downlink_batch_rows_sum\\{statement=\"([^\"]+)\"} ([0-9.E]+)");

    /** @param port the management port. Blocks. */
    static BatchRows of(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return parse(client.send(request, BodyHandlers.ofString()).body());
        }
    }

    static BatchRows parse(String metrics) {
        Map<String, Long> rows = new TreeMap<>();
        Matcher series = SERIES.matcher(metrics);
        while (series.find()) {
            rows.put(series.group(1), (long) Double.parseDouble(series.group(2)));
        }
        return new BatchRows(rows);
    }

    /** Only those that had any. */
    BatchRows since(BatchRows before) {
        Map<String, Long> more = new TreeMap<>();
        rows.forEach((statement, count) -> more.put(statement, count - before.rows.getOrDefault(statement, 0L)));
        more.values().removeIf(count -> count == 0);
        return new BatchRows(more);
    }

    /** Without those of statements that only read. */
    long written() {
        return rows.entrySet().stream()
                .filter(e -> !e.getKey().startsWith("select"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
