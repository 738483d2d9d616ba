// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why a receiver over HTTP could not be reached, in words for people who look after a rule. */
final class ConnectErrors {
    private static final int MAX_TEXT = 300;

    private ConnectErrors() {}

    /** @param where host and port */
    static String text(Throwable error, String where) {
        if (error instanceof Failed failed && failed.failure() instanceof Failure.Unreachable unreachable) {
            return unreachable.why();
        }
        Throwable root = innermost(error, Throwable.class).orElse(error);
        if (root instanceof NoSuchFileException missing) {
            return "there is no certificate " + Path.of(missing.getFile()).getFileName();
        }
        return innermost(error, SSLException.class)
                .map(tls -> "TLS with " + where + " fails: " + told(tls, root))
                .orElseGet(() -> cut(told(error)));
    }

    /** The outer errors only say that it could not be made. */
    private static <T extends Throwable> Optional<T> innermost(Throwable error, Class<T> type) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((_, inner) -> inner);
    }

    /** That a certificate is not valid is said by one, and why by another. */
    private static String told(SSLException tls, Throwable root) {
        String text = told(tls);
        return cut(text.contains(told(root)) ? text : text + ": " + told(root));
    }

    private static String told(Throwable error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
