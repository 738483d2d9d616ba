// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code /metrics} said at one moment: each series, as it is written there, with its value. */
public record Metrics(Map<String, Double> series) {

    /** @param port the management port */
    public static Metrics of(int port) {
        Map<String, Double> series = new HashMap<>();
        get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int space = line.lastIndexOf(' ');
                    series.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
                });
        return new Metrics(Map.copyOf(series));
    }

    public static HttpResponse<String> get(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** 0 when there is no such series. */
    public double value(String name) {
        return series.getOrDefault(name, 0.0);
    }

    /** Without labels. */
    public Set<String> names() {
        return series.keySet().stream()
                .map(name -> name.contains("{") ? name.substring(0, name.indexOf('{')) : name)
                .collect(Collectors.toSet());
    }
}
