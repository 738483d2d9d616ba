// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import dev.downlink.protocol.Failure;
import dev.downlink.support.Outcome;
import dev.downlink.support.StorageServer;
import dev.downlink.support.TestSettings;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink and a real server of the S3 protocol. */
class StorageSinkIT {
    private static final int DEVICES = 5;

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static StorageServer storage;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        storage = new StorageServer(directory);
    }

    @AfterAll
    static void stop() {
        Outcome.of(vertx.close());
        storage.close();
    }

    @Test
    void fileIsWrittenWhenItsTimeIsOver() {
        storage.createBucket("by-time");
        Pushing pushing = to(bucket("by-time", null), "STORAGE_FILE_INTERVAL", "200ms");
        Future<Fate> first = pushing.given(Pushing.parcel(1, "d1", "{\"n\":1}"));
        Future<Fate> second = pushing.given(Pushing.parcel(2, "d2", "{\"n\":2}"));

        assertThat(Outcome.of(first)).isEqualTo(Fate.ACCEPTED);
        assertThat(Outcome.of(second)).isEqualTo(Fate.ACCEPTED);

        assertThat(storage.objects("by-time")).hasSize(1).allSatisfy((name, lines) -> {
            assertThat(name).matches("2026/03/04/05/\\d{8}T\\d{9}Z-[0-9a-f]{8}-000001\\.jsonl");
            assertThat(lines).containsExactly("{\"n\":1}", "{\"n\":2}");
        });
    }

    @Test
    void fileIsWrittenWhenItIsLargeEnough() {
        storage.createBucket("by-size");
        Pushing pushing = to(bucket("by-size", ""), "STORAGE_FILE_SIZE", "1KiB");

        List<Future<Fate>> fates = IntStream.range(0, 3)
                .mapToObj(i -> pushing.given(
                        Pushing.parcel(i, "d1", Integer.toString(i).repeat(400))))
                .toList();
        Outcome.of(Future.all(fates));

        assertThat(storage.objects("by-size").values())
                .singleElement()
                .satisfies(lines -> assertThat(lines).hasSize(3));
    }

    @Test
    void pathSaysOfWhichSpaceAndDevice() {
        storage.createBucket("paths");
        Pushing pushing = to(bucket("paths", "of={appId}/{deviceId}"), "STORAGE_FILE_INTERVAL", "100ms");

        Outcome.of(
                Future.all(pushing.given(Pushing.parcel(1, "d1", "1")), pushing.given(Pushing.parcel(2, "d2", "2"))));

        assertThat(storage.objects("paths").keySet())
                .satisfiesExactly(
                        name -> assertThat(name).startsWith("of=space1/d1/"),
                        name -> assertThat(name).startsWith("of=space1/d2/"));
    }

    @Test
    void closeWritesWhatIsGathered() {
        storage.createBucket("closing");
        Pushing pushing = to(bucket("closing", null));
        Future<Fate> fate = pushing.given(Pushing.parcel(1, "d1", "1"));

        Outcome.of(pushing.close());

        assertThat(fate.result()).isEqualTo(Fate.ACCEPTED);
        assertThat(storage.lines("closing")).containsExactly("1");
        assertThat(pushing.push(Pushing.parcel(2, "d1", "2"))).isEqualTo(Fate.RETURNED);
    }

    @Test
    void wrongSecretFails() {
        storage.createBucket("locked");
        Channel.Storage channel = new Channel.Storage(
                "any",
                "p1",
                "locked",
                null,
                null,
                storage.endpoint(),
                StorageServer.ACCESS_KEY,
                new Secret("not the secret"));
        Pushing pushing = to(channel, "STORAGE_FILE_INTERVAL", "100ms");

        assertThat(why(pushing.push(Pushing.parcel(1, "d1", "1")))).startsWith("403 SignatureDoesNotMatch: ");

        assertThat(unreachable(pushing.probe())).startsWith("403: the access key or its secret key is wrong");
    }

    @Test
    void endpointOfAnActionMayNotBeBehindTheFence() {
        Channel.Storage channel =
                new Channel.Storage("any", "p1", "any", null, null, storage.endpoint(), "key", new Secret("secret"));

        assertThat(unreachable(to(channel, "PUSH_DENY", "127.0.0.0/8").probe()))
                .isEqualTo("127.0.0.1 is in 127.0.0.0/8, where pushes may not go");
    }

    @Test
    void endpointOfTheSettingsMayBeAnywhere() {
        storage.createBucket("near");

        assertThat(Outcome.of(
                        to(bucket("near", null), "PUSH_DENY", "127.0.0.0/8").probe()))
                .isNull();
    }

    @Test
    void hurryWritesWhatIsGathered() {
        storage.createBucket("hurried");
        Pushing pushing = to(bucket("hurried", null));
        Future<Fate> fate = pushing.given(Pushing.parcel(1, "d1", "1"));

        pushing.hurry();

        assertThat(Outcome.of(fate)).isEqualTo(Fate.ACCEPTED);
    }

    @Test
    void bucketThatIsNotThereFails() {
        Pushing pushing = to(bucket("nowhere", null), "STORAGE_FILE_INTERVAL", "100ms");

        assertThat(why(pushing.push(Pushing.parcel(1, "d1", "1")))).startsWith("404 NoSuchBucket: ");

        assertThat(unreachable(pushing.probe())).isEqualTo("404: there is no bucket nowhere");
    }

    @Test
    void probeFindsTheBucket() {
        storage.createBucket("there");

        assertThat(Outcome.of(to(bucket("there", null)).probe())).isNull();
    }

    @Test
    void probeFindsNobody() {
        Channel.Storage channel =
                new Channel.Storage("any", "p1", "any", null, null, "http://127.0.0.1:1", "key", new Secret("secret"));

        assertThat(unreachable(to(channel).probe())).contains("Connection refused");
    }

    @Test
    void halfOfWhatMayBeInHandIsWrittenAtOnce() {
        storage.createBucket("bounded");
        Pushing pushing = to(bucket("bounded", null), "PUSH_MAX_IN_HAND", "16");
        int room = pushing.room();

        List<Future<Fate>> fates = IntStream.range(0, room / 2)
                .mapToObj(i -> pushing.given(Pushing.parcel(i, "d1", Integer.toString(i))))
                .toList();
        Outcome.of(Future.all(fates));

        assertThat(storage.lines("bounded")).hasSize(room / 2);
        assertThat(pushing.room()).isEqualTo(room);
    }

    @Test
    void nothingIsLostWhenTheServerIsKilled() {
        storage.createBucket("killed");
        Pushing pushing =
                to(bucket("killed", "{deviceId}"), "STORAGE_FILE_INTERVAL", "100ms", "PUSH_MAX_IN_HAND", "100");
        List<Parcel> parcels = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            parcels.add(Pushing.parcel(i, "d" + i % DEVICES, "d" + i % DEVICES + ' ' + i / DEVICES));
        }

        Future<Void> all = pushing.pushAll(parcels);
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> !storage.lines("killed").isEmpty());
        storage.kill();
        await().until(() -> !pushing.failures().isEmpty());
        storage.start();
        Outcome.of(all);

        assertInOrder(storage.lines("killed"), 5000);
    }

    /** In the order of the files' names none is missing, and none comes before all that are before it came. */
    private static void assertInOrder(List<String> lines, int count) {
        Map<String, Integer> last = new HashMap<>();
        for (String line : lines) {
            String device = line.split(" ")[0];
            int number = Integer.parseInt(line.split(" ")[1]);
            int before = last.getOrDefault(device, -1);
            assertThat(number).as("after %s of %s", before, device).isLessThanOrEqualTo(before + 1);
            last.put(device, Math.max(before, number));
        }
        assertThat(last).hasSize(DEVICES);
        assertThat(last.values()).containsOnly(count / DEVICES - 1);
    }

    private static Channel.Storage bucket(String name, String filePath) {
        return new Channel.Storage("any", "p1", name, null, filePath, null, null, null);
    }

    private static Pushing to(Channel.Storage channel, String... more) {
        List<String> variables = new ArrayList<>(List.of(
                "STORAGE_ENDPOINT",
                storage.endpoint(),
                "STORAGE_ACCESS_KEY",
                StorageServer.ACCESS_KEY,
                "STORAGE_SECRET_KEY",
                StorageServer.SECRET_KEY,
                "PUSH_TIMEOUT",
                "5s"));
        variables.addAll(List.of(more));
        Settings settings = TestSettings.of(variables.toArray(String[]::new));
        AddressFence fence = AddressFence.of(settings);
        SinkMeters meters = SinkMeters.of(Telemetry.of(vertx));
        InstantSource clock = InstantSource.system();
        return new Pushing(vertx, ready -> {
            Bucket bucket = Bucket.of(vertx, settings, channel, fence, System::nanoTime, clock);
            return new StorageSink(vertx, settings, bucket, channel, meters, clock, ready);
        });
    }

    private static String why(Fate fate) {
        assertThat(fate).isInstanceOf(Fate.Failed.class);
        return ((Fate.Failed) fate).why();
    }

    private static String unreachable(Future<?> probe) {
        return ((Failure.Unreachable) Outcome.failure(probe)).why();
    }
}
