// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an object storage answered. Of a body only the beginning is kept: errors are short. */
record StorageAnswer(int status, String body) {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_TEXT = 300;

    static Future<StorageAnswer> read(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        var _ = response.handler(part -> {
            int room = MAX_BYTES - body.length();
            body.appendBuffer(part, 0, Math.min(room, part.length()));
        });
        return response.end().map(_ -> new StorageAnswer(response.statusCode(), body.toString(StandardCharsets.UTF_8)));
    }

    /** The status, with S3's own code and message when it sent them. */
    String text() {
        String message = part("Message");
        String text = status + (" " + part("Code")).stripTrailing() + (message.isEmpty() ? "" : ": " + message);
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private String part(String name) {
        Matcher found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(body);
        return found.find() ? found.group(1).strip() : "";
    }
}
