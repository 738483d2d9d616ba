// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Deadlines;
import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.protocol.Failure;
import dev.downlink.support.Certificates;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a push over HTTPS trusts, and what people are told when it does not (northbound §6.6). */
class HttpTlsTest {
    private static final Certificates AUTHORITY = Certificates.authority("authority");
    private static final EventFormat DOCUMENTED = EventFormat.DOCUMENTED;

    private final Vertx vertx = Vertx.vertx();
    private final Instant now = Instant.now();

    @TempDir
    Path directory;

    @BeforeEach
    void writeAuthority() {
        Path _ = AUTHORITY.writeCertificate(directory.resolve("authority.pem"));
    }

    @AfterEach
    void close() {
        Outcome.of(vertx.close());
    }

    @Test
    void authorityThatTheActionNamesIsTrusted() {
        int port = serve(valid("localhost"));

        assertThat(push(to(port, null, false))).isEqualTo(Fate.ACCEPTED);
        Void _ = Outcome.of(sink(to(port, null, false)).probe());
    }

    @Test
    void unknownAuthorityIsNot() {
        int port = serve(Certificates.authority("authority").issue("localhost", now, now.plus(Duration.ofDays(1))));

        assertTold(to(port, null, false), tls(port), "PKIX path validation failed");
    }

    @Test
    void authorityThatNobodyNamesIsNot() {
        int port = serve(valid("localhost"));
        Channel.Http channel = new Channel.Http(url("localhost", port), null, null, false, false, null, DOCUMENTED);

        assertTold(channel, tls(port), "unable to find valid certification path to requested target");
    }

    @Test
    void certificateOfSomebodyElseIsNot() {
        int port = serve(valid("other.example.com"));

        assertTold(to(port, null, false), tls(port), "No subject alternative DNS name matching localhost found");
    }

    @Test
    void expiredCertificateIsNot() {
        int port = serve(AUTHORITY.issue("localhost", now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1))));

        assertTold(to(port, null, false), tls(port), "NotAfter: ");
    }

    @Test
    void certificateHasToHaveTheNameThatTheActionExpects() {
        int port = serve(valid("receiver.example.com"));

        assertThat(push(to(port, "receiver.example.com", false))).isEqualTo(Fate.ACCEPTED);
        assertTold(to(port, "other.example.com", false), tls(port), "matching other.example.com found");
    }

    @Test
    void serverChoosesItsCertificateByTheNameThatItIsTold() {
        int port = serve(valid("one"), valid("other"));

        assertThat(push(to(port, "one", true))).isEqualTo(Fate.ACCEPTED);
        assertThat(push(to(port, "other", true))).isEqualTo(Fate.ACCEPTED);
        assertTold(to(port, "other", false), tls(port), "matching other found");
    }

    @Test
    void certificateThatIsNotThereIsNamed() {
        int port = serve(valid("localhost"));
        Channel.Http channel =
                new Channel.Http(url("localhost", port), "nowhere", null, false, false, null, DOCUMENTED);

        assertTold(channel, "there is no certificate nowhere.pem", "");
    }

    @Test
    void portWithoutTlsIsSaidToBeOne() {
        try (Receiver receiver = Receiver.start()) {
            assertTold(to(receiver.port(), null, false), tls(receiver.port()), "not an SSL/TLS record");
        }
    }

    /** There is none to send. */
    @Test
    void serverThatWantsAClientCertificateIsSaidToHaveRefused() {
        HttpServerOptions options = options(valid("localhost"))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(directory.resolve("authority.pem").toString()));
        int port = listen(options);

        assertTold(to(port, null, false), tls(port), "Received fatal alert");
    }

    private Certificates valid(String name) {
        return AUTHORITY.issue(name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
    }

    /** @return its port */
    private int serve(Certificates... certificates) {
        return listen(options(certificates));
    }

    private HttpServerOptions options(Certificates... certificates) {
        PemKeyCertOptions all = new PemKeyCertOptions();
        for (Certificates one : certificates) {
            String name = one.certificate().getSubjectX500Principal().getName();
            var _ = all.addCertPath(one.writeCertificate(directory.resolve(name + ".crt"))
                            .toString())
                    .addKeyPath(one.writeKey(directory.resolve(name + ".key")).toString());
        }
        return new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(all);
    }

    private int listen(HttpServerOptions options) {
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end());
        return Outcome.of(server.listen(0, "127.0.0.1")).actualPort();
    }

    private static Channel.Http to(int port, @Nullable String name, boolean sni) {
        return new Channel.Http(url("localhost", port), "authority", name, sni, false, null, DOCUMENTED);
    }

    private static String url(String host, int port) {
        return "https://" + host + ":" + port + "/events";
    }

    private static String tls(int port) {
        return "TLS with localhost:" + port + " fails: ";
    }

    /** When an event is pushed, and when the action is tried. */
    private void assertTold(Channel.Http channel, String beginning, String part) {
        Failure probed = Outcome.failure(sink(channel).probe());
        for (String told : List.of(why(push(channel)), ((Failure.Unreachable) probed).why())) {
            assertThat(told).startsWith(beginning).contains(part);
        }
    }

    private static String why(Fate fate) {
        return ((Fate.Failed) fate).why();
    }

    private Fate push(Channel.Http channel) {
        return Outcome.of(sink(channel).push(Pushing.parcel(1, "d1", "{}")));
    }

    private Sink sink(Channel.Http channel) {
        Settings settings = TestSettings.of("PUSH_CERTIFICATES", directory.toString(), "HOST", "127.0.0.1");
        return new HttpSink(
                vertx,
                settings.push(),
                AddressFence.of(settings),
                new Deadlines(System::nanoTime),
                InstantSource.system(),
                channel,
                () -> {});
    }
}
