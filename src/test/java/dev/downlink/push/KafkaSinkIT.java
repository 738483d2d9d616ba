// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.config.Settings;
import dev.downlink.event.Content;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import dev.downlink.protocol.Failure;
import dev.downlink.support.KafkaNode;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestSettings;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink and a real Kafka node. */
class KafkaSinkIT {
    private static final int DEVICES = 5;

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static KafkaNode kafka;

    private final List<Pushing> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        kafka = new KafkaNode(directory);
    }

    @AfterEach
    void closeSinks() {
        opened.forEach(pushing -> Outcome.of(pushing.close()));
    }

    @AfterAll
    static void stop() {
        Outcome.of(vertx.close());
        kafka.close();
    }

    @Test
    void recordHasDeviceAsKeyAndTypeAsHeader() {
        kafka.createTopic("plain", 3, Map.of());

        assertThat(to(open("plain"), "15s").push(Pushing.parcel(1, "d1", "{\"n\":1}")))
                .isEqualTo(Fate.ACCEPTED);

        assertThat(kafka.read("plain")).singleElement().satisfies(found -> {
            assertThat(found.key()).isEqualTo("d1");
            assertThat(found.value()).isEqualTo("{\"n\":1}");
            assertThat(headers(found)).containsExactly(Map.entry("content-type", "application/json"));
        });
    }

    @Test
    void attributesOfACloudEventAreHeaders() {
        kafka.createTopic("cloud", 1, Map.of());
        Content content = new Content(
                "application/json", Map.of("specversion", "1.0", "id", "e1", "subject", "gerät"), Buffer.buffer("{}"));

        assertThat(to(open("cloud"), "15s").push(Pushing.parcel(1, "d1", content)))
                .isEqualTo(Fate.ACCEPTED);

        assertThat(headers(kafka.read("cloud").getFirst()))
                .containsOnly(
                        Map.entry("content-type", "application/json"),
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "e1"),
                        Map.entry("ce_subject", "gerät"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void userLogsIn(String mechanism) {
        String topic = "login-" + mechanism;
        kafka.createTopic(topic, 1, Map.of());
        String user = mechanism.startsWith("SCRAM") ? KafkaNode.SCRAM_USER : KafkaNode.PLAIN_USER;

        assertThat(to(login(topic, user, KafkaNode.PASSWORD, mechanism), "15s").push(Pushing.parcel(1, "d1", "{}")))
                .isEqualTo(Fate.ACCEPTED);
    }

    @Test
    void certificateOfTheDirectoryIsTrusted() {
        kafka.createTopic("tls", 1, Map.of());
        Settings settings = TestSettings.of("PUSH_TIMEOUT", "15s", "PUSH_CERTIFICATES", directory.toString());

        assertThat(to(overTls("tls"), settings).push(Pushing.parcel(1, "d1", "{}")))
                .isEqualTo(Fate.ACCEPTED);
    }

    @Test
    void unknownCertificateIsNotTrusted() {
        assertThat(why(to(overTls("any"), "3s").push(Pushing.parcel(1, "d1", "{}"))))
                .startsWith("TLS with localhost:" + kafka.tlsPort() + " fails: ");
    }

    @Test
    void wrongPasswordFails() {
        Channel.Kafka channel = login("any", KafkaNode.PLAIN_USER, "wrong", "PLAIN");

        assertThat(why(to(channel, "3s").push(Pushing.parcel(1, "d1", "{}")))).startsWith("the login is refused");
    }

    @Test
    void addressBehindTheFenceIsNotTried() {
        Settings settings = TestSettings.of("PUSH_DENY", "127.0.0.0/8");

        assertThat(why(to(open("any"), settings).push(Pushing.parcel(1, "d1", "{}"))))
                .isEqualTo("127.0.0.1 is in 127.0.0.0/8, where pushes may not go");
    }

    @Test
    void topicThatIsNotThereFails() {
        Pushing pushing = to(open("nowhere"), "1s");

        assertThat(why(pushing.push(Pushing.parcel(1, "d1", "{}")))).isEqualTo("there is no topic nowhere");

        assertThat(unreachable(pushing.probe())).isEqualTo("there is no topic nowhere");
    }

    @Test
    void topicThatTheUserMayNotWriteFails() {
        kafka.createTopic("secret", 1, Map.of());
        kafka.forbidWriting("secret", KafkaNode.PLAIN_USER);
        Channel.Kafka channel = login("secret", KafkaNode.PLAIN_USER, KafkaNode.PASSWORD, "PLAIN");

        assertThat(why(to(channel, "3s").push(Pushing.parcel(1, "d1", "{}"))))
                .isEqualTo("alice may not write to the topic secret");
    }

    @Test
    void probeFindsTheTopic() {
        kafka.createTopic("there", 1, Map.of());

        Future<Void> probe = to(open("there"), "15s").probe();

        assertThat(Outcome.of(probe)).isNull();
    }

    @Test
    void probeFindsNobody() {
        Channel.Kafka channel = KafkaChannels.of("there", "127.0.0.1", 1);

        assertThat(unreachable(to(channel, "1s").probe())).startsWith("no answer of 127.0.0.1:1 in time");
    }

    @Test
    void recordThatIsTooLargeIsRefusedAndLaterOnesAreReturned() {
        kafka.createTopic("small", 1, Map.of("max.message.bytes", "1000"));
        Pushing pushing = to(open("small"), "15s");
        Outcome.of(pushing.probe());

        Future<Fate> large = pushing.given(Pushing.parcel(1, "d1", "x".repeat(200_000)));
        Future<Fate> later = pushing.given(Pushing.parcel(2, "d1", "{}"));

        assertThat(Outcome.of(large)).isInstanceOf(Fate.Refused.class);
        assertThat(Outcome.of(later)).isEqualTo(Fate.RETURNED);
        await().until(() -> pushing.room() > 0);
        assertThat(pushing.push(Pushing.parcel(2, "d1", "{}"))).isEqualTo(Fate.ACCEPTED);
    }

    @Test
    void thereIsRoomAgainWhenAllHasFailed() {
        kafka.createTopic("bounded", 1, Map.of());
        Settings settings = TestSettings.of("PUSH_TIMEOUT", "1s", "PUSH_MAX_IN_HAND", "16");
        Pushing pushing = to(open("bounded"), settings);
        kafka.wire().cut();
        List<Future<Fate>> fates = new ArrayList<>();

        for (int i = 0; i < 17; i++) {
            fates.add(pushing.given(Pushing.parcel(i, "d1", "{}")));
        }

        assertThat(Outcome.of(fates.get(16))).isEqualTo(Fate.RETURNED);
        assertThat(Outcome.of(Future.all(fates)).<Fate>list().subList(0, 16))
                .allMatch(fate -> fate instanceof Fate.Failed);
        await().untilAsserted(() -> assertThat(pushing.readies()).isPositive());
        assertThat(pushing.room()).isEqualTo(16);
        kafka.wire().join();
    }

    @Test
    void idleProducerIsClosedAndMadeAnew() {
        kafka.createTopic("idle", 1, Map.of());
        Settings settings = TestSettings.of();
        Pushing pushing = to(new KafkaAccess(open("idle"), settings.push(), AddressFence.NONE, Duration.ofMillis(200)));

        assertThat(pushing.push(Pushing.parcel(1, "d1", "1"))).isEqualTo(Fate.ACCEPTED);
        await().until(() -> Telemetry.of(vertx).scrape().contains("downlink_push_producers 0.0"));
        assertThat(pushing.push(Pushing.parcel(2, "d1", "2"))).isEqualTo(Fate.ACCEPTED);

        assertThat(kafka.read("idle")).extracting(ConsumerRecord::value).containsExactly("1", "2");
    }

    @Test
    void closeSendsWhatWasGiven() {
        kafka.createTopic("closing", 1, Map.of());
        Pushing pushing = to(open("closing"), "15s");
        Future<Fate> fate = pushing.given(Pushing.parcel(1, "d1", "{}"));

        Outcome.of(pushing.close());

        assertThat(fate.result()).isEqualTo(Fate.ACCEPTED);
        assertThat(pushing.push(Pushing.parcel(2, "d1", "{}"))).isEqualTo(Fate.RETURNED);
    }

    @Test
    void orderIsKeptWhenTheWireIsCutAgainAndAgain() {
        kafka.createTopic("cut", 4, Map.of());
        Pushing pushing = to(open("cut"), "900ms");

        Future<Void> all = pushing.pushAll(parcels(20_000));
        for (int left = 17_000; left > 0; left -= 5000) {
            int enough = left;
            await().pollInterval(Duration.ofMillis(5)).until(() -> pushing.left() < enough);
            kafka.wire().cut();
            int failures = pushing.failures().size();
            await().until(() -> pushing.failures().size() > failures || all.isComplete());
            kafka.wire().join();
        }
        Outcome.of(all);

        assertThat(pushing.failures()).isNotEmpty();
        assertInOrder(kafka.read("cut"), 20_000);
    }

    @Test
    void nothingIsLostWhenTheBrokerIsKilled() {
        kafka.createTopic("killed", 4, Map.of());
        Pushing pushing = to(open("killed"), "2s");

        Future<Void> all = pushing.pushAll(parcels(20_000));
        await().until(() -> !kafka.read("killed").isEmpty());
        kafka.kill();
        await().until(() -> !pushing.failures().isEmpty());
        kafka.start();
        Outcome.of(all);

        assertInOrder(kafka.read("killed"), 20_000);
    }

    private static List<Parcel> parcels(int count) {
        List<Parcel> parcels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parcels.add(Pushing.parcel(i, "d" + i % DEVICES, Integer.toString(i / DEVICES)));
        }
        return parcels;
    }

    /** None is missing, and none comes before all that are before it came. */
    private static void assertInOrder(List<ConsumerRecord<String, String>> records, int count) {
        Map<String, Integer> last = new TreeMap<>();
        for (ConsumerRecord<String, String> found : records) {
            int number = Integer.parseInt(found.value());
            int before = last.getOrDefault(found.key(), -1);
            assertThat(number).as("after %s of %s", before, found.key()).isLessThanOrEqualTo(before + 1);
            last.put(found.key(), Math.max(before, number));
        }
        assertThat(last).hasSize(DEVICES);
        assertThat(last.values()).containsOnly(count / DEVICES - 1);
    }

    private Pushing to(Channel.Kafka channel, String timeout) {
        return to(channel, TestSettings.of("PUSH_TIMEOUT", timeout));
    }

    private Pushing to(Channel.Kafka channel, Settings settings) {
        return to(KafkaAccess.of(channel, settings.push(), AddressFence.of(settings)));
    }

    private Pushing to(KafkaAccess access) {
        SinkMeters meters = SinkMeters.of(Telemetry.of(vertx));
        Pushing pushing = new Pushing(vertx, ready -> new KafkaSink(vertx, access, meters, ready));
        opened.add(pushing);
        return pushing;
    }

    private static Channel.Kafka open(String topic) {
        return KafkaChannels.of(topic, "127.0.0.1", kafka.port());
    }

    private static Channel.Kafka login(String topic, String user, String password, String mechanism) {
        return KafkaChannels.of(
                topic, "127.0.0.1", kafka.loginPort(), user, new Secret(password), mechanism, "SASL_PLAINTEXT");
    }

    private static Channel.Kafka overTls(String topic) {
        Secret password = new Secret(KafkaNode.PASSWORD);
        return KafkaChannels.of(
                topic, "localhost", kafka.tlsPort(), KafkaNode.PLAIN_USER, password, "PLAIN", "SASL_SSL");
    }

    private static Map<String, String> headers(ConsumerRecord<String, String> found) {
        Map<String, String> headers = new TreeMap<>();
        found.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    private static String why(Fate fate) {
        assertThat(fate).isInstanceOf(Fate.Failed.class);
        return ((Fate.Failed) fate).why();
    }

    private static String unreachable(Future<?> probe) {
        return ((Failure.Unreachable) Outcome.failure(probe)).why();
    }
}
