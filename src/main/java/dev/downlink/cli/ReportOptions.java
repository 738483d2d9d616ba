// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a measurement is written to, besides the table on the terminal. */
final class ReportOptions {
    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures as JSON.")
    private @Nullable Path json;

    void write(PrintWriter out, String table, JsonObject figures) throws IOException {
        out.print("\r" + " ".repeat(79) + "\r" + table);
        out.flush();
        if (json != null) {
            var _ = Files.writeString(json, figures.encodePrettily() + '\n');
        }
    }

    /** A line that the next one replaces. */
    static void progress(PrintWriter out, String line) {
        out.printf("\r%-79s", line);
        out.flush();
    }
}
