// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.config.Settings;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.impl.transports.TransportLoader;
import io.vertx.core.transport.Transport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to the kernel that sockets may take.
 *
 * <p>Only what is wanted is tried. Vert.x by itself, already by {@link Transport#NIO}, tries io_uring too; where that is
 * forbidden, the attempt may be reported to somebody, or end the process.
 *
 * @param epoll tried when it is asked for; absent without its library
 * @param ioUring likewise
 */
record Transports(Supplier<@Nullable Transport> epoll, Supplier<@Nullable Transport> ioUring) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Transports.class);
    private static final Transport NIO = new TransportInternal("nio", true, null, NioTransport.INSTANCE);

    private static final String NOT_PERMITTED = "Operation not permitted";
    private static final String WHO_FORBIDS =
            ", by the seccomp profile of the container or sysctl kernel.io_uring_disabled";

    /** One that there is on this machine. */
    static Transport choose(Settings.Transport wanted) {
        return new Transports(TransportLoader::epoll, TransportLoader::io_uring).of(wanted);
    }

    /** Falls back with a warning: a node that takes somewhat more CPU is better than none. */
    Transport of(Settings.Transport wanted) {
        return switch (wanted) {
            case AUTO -> usual();
            case IO_URING -> {
                Transport found = ioUring.get();
                yield isThere(found) ? found : instead(found);
            }
        };
    }

    private Transport usual() {
        Transport found = epoll.get();
        return isThere(found) ? found : NIO;
    }

    private Transport instead(@Nullable Transport missing) {
        Transport usual = usual();
        LOGGER.warn("io_uring is not available, {} is used error={}", usual.name(), why(missing));
        return usual;
    }

    private static boolean isThere(@Nullable Transport found) {
        return found != null && found.available();
    }

    /** What Netty says, at the end of its causes, and for a refusal of the kernel's who may be behind it. */
    static String why(@Nullable Transport missing) {
        Throwable cause = missing == null ? null : missing.unavailabilityCause();
        if (cause == null) {
            return "no library for this machine";
        }
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = String.valueOf(cause.getMessage());
        return said.endsWith(NOT_PERMITTED) ? said + WHO_FORBIDS : said;
    }
}
