// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.model.InvalidField;
import dev.downlink.model.Secret;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Secrets that a command is given: from a file, from a terminal without echo, or from a pipe, but never as an argument. */
final class SecretInput {
    private SecretInput() {}

    /** @param file absent: asks on the terminal, twice; or reads the first line that is piped in */
    @SuppressWarnings("SystemConsoleNull") // on JDK 25 it is null again where there is no terminal
    static Secret password(@Nullable Path file) {
        if (file != null) {
            return file(file);
        }
        Console console = System.console();
        return console == null || !console.isTerminal() ? piped() : ask(console);
    }

    static Secret file(Path file) {
        try {
            return present(Files.readString(file).strip());
        } catch (IOException _) {
            throw new InvalidField(file.toString(), "cannot be read");
        }
    }

    private static Secret ask(Console console) {
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        if (!Arrays.equals(first, second)) {
            throw new InvalidField("password", "was not typed the same twice");
        }
        return present(first == null ? "" : new String(first));
    }

    private static Secret piped() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return present(line == null ? "" : line);
        } catch (IOException e) {
            throw new InvalidField("password", "cannot be read from the standard input: " + e.getMessage());
        }
    }

    private static Secret present(String text) {
        if (text.length() < 8) {
            throw new InvalidField("password", "must have 8 characters or more");
        }
        return new Secret(text);
    }
}
