// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates to trust where an action cannot name them: the file of the host, such as {@code kafka-broker1.example.com.pem},
 * else that of the kind, such as {@code kafka.pem}, in the directory of the settings. With neither it is what Java trusts.
 */
final class TrustFile {
    private TrustFile() {}

    /** Looks into the directory, so not on an event loop. */
    static Optional<Path> find(@Nullable Path directory, String kind, String host) {
        if (directory == null) {
            return Optional.empty();
        }
        return Stream.of(kind + '-' + host, kind)
                .filter(name -> !name.contains("/") && !name.contains("\\"))
                .map(name -> directory.resolve(name + ".pem"))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
