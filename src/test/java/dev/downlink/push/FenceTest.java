// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Deadlines;
import dev.downlink.config.Settings;
import dev.downlink.event.Formats;
import dev.downlink.event.Specimen;
import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Failure;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestSettings;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is sent where it must not go, whatever it is called. */
class FenceTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "100.100.100.200",
                "239.1.2.3",
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "::1",
                "::",
                "::ffff:127.0.0.1"
            })
    void gatewayThatServesANetworkSendsNothingToItselfOrLinkLocalAddresses(String address) {
        assertThat(against(settings("HOST", "10.0.0.1"), address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.2", "192.168.1.1", "8.8.8.8", "2001:db8::1", "64:ff9b::808:808"})
    void otherAddressesAreAllowed(String address) {
        assertThat(against(settings("HOST", "10.0.0.1"), address)).isFalse();
    }

    @Test
    void gatewayOnItsOwnLoopSendsThere() {
        assertThat(against(settings("HOST", "127.0.0.1"), "127.0.0.1")).isFalse();
        assertThat(against(settings("HOST", "127.0.0.1"), "169.254.169.254")).isTrue();
    }

    @Test
    void settingsDecide() {
        Settings settings = settings("PUSH_DENY", "10.0.0.0/8,fd00::/8", "PUSH_ALLOW", "10.1.0.0/16,10.2.3.4");

        assertThat(against(settings, "10.3.0.1")).isTrue();
        assertThat(against(settings, "fd12::1")).isTrue();
        assertThat(against(settings, "10.1.255.255")).isFalse();
        assertThat(against(settings, "10.2.3.4")).isFalse();
        assertThat(against(settings, "10.2.3.5")).isTrue();
        assertThat(against(settings, "169.254.0.1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "2130706433",
                "0x7f000001",
                "localhost",
                "LOCALHOST.",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]"
            })
    void everyNameOfThisMachineIsRefused(String host) {
        try (Receiver receiver = Receiver.start()) {
            Fate fate = push("http://" + host + ':' + receiver.port() + "/", "PUSH_DENY", "127.0.0.0/8,::1");

            assertThat(fate).isInstanceOf(Fate.Failed.class);
            assertThat(receiver.pushes).isEmpty();
        }
    }

    @Test
    void probeOfAForbiddenAddressSaysSo() {
        Sink sink = sink("http://127.0.0.1:9/", "PUSH_DENY", "127.0.0.0/8");

        assertThat(Outcome.failure(sink.probe()))
                .isEqualTo(
                        new Failure.Unreachable("127.0.0.1:9", "127.0.0.1 is in 127.0.0.0/8, where pushes may not go"));
    }

    private Fate push(String url, String... settings) {
        Sink sink = sink(url, settings);
        Parcel parcel = Outward.parcel(
                Specimen.of(Subject.DEVICE_STATUS, new ProjectId("p1")),
                Formats.write(Specimen.of(Subject.DEVICE_STATUS, new ProjectId("p1")), null, EventFormat.DOCUMENTED),
                false);
        return Outcome.of(sink.push(parcel));
    }

    private Sink sink(String url, String... settings) {
        Settings effective = settings(settings);
        return new HttpSink(
                vertx,
                effective.push(),
                AddressFence.of(effective),
                new Deadlines(System::nanoTime),
                InstantSource.system(),
                new Channel.Http(url, null, null, false, false, null, EventFormat.DOCUMENTED),
                () -> {});
    }

    private static boolean against(Settings settings, String address) {
        try {
            return AddressFence.of(settings)
                    .against(InetAddress.getByName(address))
                    .isPresent();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Settings settings(String... settings) {
        return TestSettings.of(settings);
    }
}
