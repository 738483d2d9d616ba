// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.config.Settings;
import io.vertx.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransportsTest {
    private static final Transport EPOLL = new Fake("epoll", null);
    private static final Transport IO_URING = new Fake("io_uring", null);

    private final List<String> tried = new ArrayList<>();

    /** @param unavailabilityCause absent: it is available */
    private record Fake(String name, @Nullable Throwable unavailabilityCause) implements Transport {
        @Override
        public boolean available() {
            return unavailabilityCause == null;
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void usuallyItIsEpollAndNothingElseIsTried() {
        assertThat(transports(EPOLL, IO_URING).of(Settings.Transport.AUTO)).isSameAs(EPOLL);
        assertThat(tried).containsExactly("epoll");
    }

    @Test
    void withoutEpollItIsWhatJavaHas() {
        Transport broken = new Fake("epoll", new UnsatisfiedLinkError("no libc"));

        assertThat(transports(broken, IO_URING).of(Settings.Transport.AUTO).name())
                .isEqualTo("nio");
        assertThat(transports(null, IO_URING).of(Settings.Transport.AUTO).name())
                .isEqualTo("nio");
        assertThat(tried).doesNotContain("io_uring");
    }

    @Test
    void ioUringIsTakenWhenItIsWanted() {
        assertThat(transports(EPOLL, IO_URING).of(Settings.Transport.IO_URING)).isSameAs(IO_URING);
        assertThat(tried).containsExactly("io_uring");
    }

    @Test
    void whereIoUringIsForbiddenItIsAsUsual() {
        Transport forbidden = new Fake("io_uring", new IllegalStateException("Operation not permitted"));

        assertThat(transports(EPOLL, forbidden).of(Settings.Transport.IO_URING)).isSameAs(EPOLL);
        assertThat(transports(EPOLL, null).of(Settings.Transport.IO_URING)).isSameAs(EPOLL);
        assertThat(transports(null, forbidden).of(Settings.Transport.IO_URING).name())
                .isEqualTo("nio");
    }

    @Test
    void theCauseIsTheInnermostOne() {
        Throwable old = new UnsupportedOperationException("you need at least kernel version 5.9");

        assertThat(Transports.why(new Fake("io_uring", new ExceptionInInitializerError(old))))
                .isEqualTo("you need at least kernel version 5.9");
        assertThat(Transports.why(null)).isEqualTo("no library for this machine");
    }

    @Test
    void aRefusalSaysWhoMayBeBehindIt() {
        Throwable refusal = new IllegalStateException("failed to create io_uring ring fd: Operation not permitted");

        assertThat(Transports.why(new Fake("io_uring", refusal)))
                .contains("ring fd: Operation not permitted, by ")
                .contains("seccomp", "kernel.io_uring_disabled");
    }

    private Transports transports(@Nullable Transport epoll, @Nullable Transport ioUring) {
        return new Transports(trying("epoll", epoll), trying("io_uring", ioUring));
    }

    private Supplier<@Nullable Transport> trying(String name, @Nullable Transport found) {
        return () -> {
            tried.add(name);
            return found;
        };
    }
}
