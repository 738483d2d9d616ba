// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Secret;
import dev.downlink.model.Shadow;
import dev.downlink.protocol.DeviceRequest.Desired;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.DesiredChange;
import dev.downlink.protocol.ShadowRows.ChangeDesired;
import dev.downlink.protocol.ShadowRows.DeleteShadowRows;
import dev.downlink.protocol.ShadowRows.Difference;
import dev.downlink.protocol.ShadowRows.Differences;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.protocol.ShadowRows.Merged;
import dev.downlink.protocol.ShadowRows.SelectDifferences;
import dev.downlink.protocol.ShadowRows.SelectShadow;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShadowsIT {
    private static final DeviceId DEVICE = new DeviceId("d1");
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.500Z");

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @BeforeEach
    void insert() {
        room.insert(Room.device("d1"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void deviceThatNobodyWroteAboutHasNoServices() {
        assertThat(shadow()).isEqualTo(new Shadow(DEVICE, List.of()));
    }

    @Test
    void firstDesiredValuesHaveVersionZeroAndATime() {
        room.ask(new DeviceRows.InsertDevice(
                Room.device("d2"), List.of(new Desired("Water", new Json("{\"level\":3}")))));

        Shadow.Service service = room.ask(new SelectShadow(new DeviceId("d2")))
                .shadow()
                .services()
                .getFirst();

        assertThat(service.version()).isZero();
        assertThat(service.desired().properties()).isEqualTo(new Json("{\"level\": 3}"));
        assertThat(service.desired().time()).isNotNull();
        assertThat(service.reported()).isNull();
    }

    @Test
    void reportedValuesLieOverEarlierOnes() {
        report(NOON, "a", 1, "b", 2);

        report(NOON.plusSeconds(1), "b", 3, "c", 4);

        assertThat(reported()).isEqualTo("{\"a\": 1, \"b\": 3, \"c\": 4}");
        assertThat(service().reported().time()).isEqualTo(NOON.plusSeconds(1));
        assertThat(service().version()).isEqualTo(2);
    }

    @Test
    void reportedNullTakesAPropertyOut() {
        report(NOON, "a", 1, "b", Map.of("c", 1));

        report(NOON, "a", null, "none", null);

        assertThat(reported()).isEqualTo("{\"b\": {\"c\": 1}}");
    }

    @Test
    void nullInsideOfAValueStays() {
        report(NOON, "a", Collections.singletonMap("b", null));

        assertThat(reported()).isEqualTo("{\"a\": {\"b\": null}}");
    }

    @Test
    void olderValuesOnlyFillInWhatIsNotKnown() {
        report(NOON, "a", 1);

        report(NOON.minusSeconds(10), "a", 9, "b", 2);

        assertThat(reported()).isEqualTo("{\"a\": 1, \"b\": 2}");
        assertThat(service().reported().time()).isEqualTo(NOON);
    }

    @Test
    void valuesOfTheSameSecondAreNotOlder() {
        report(NOON, "a", 1);

        report(NOON.minusMillis(500), "a", 2);

        assertThat(reported()).isEqualTo("{\"a\": 2}");
    }

    @Test
    void numbersKeepEveryDigit() {
        report(
                NOON,
                "decimal",
                new BigDecimal("1.10"),
                "fine",
                new BigDecimal("0.1234567890123456789012345678901234567890"),
                "large",
                new BigInteger("123456789012345678901234567890"),
                "long",
                9_007_199_254_740_993L);

        assertThat(reported())
                .isEqualTo("{\"fine\": 0.1234567890123456789012345678901234567890, \"long\": 9007199254740993,"
                        + " \"large\": 123456789012345678901234567890, \"decimal\": 1.10}");
    }

    @Test
    void whatIsDesiredAndNotReportedIsTold() {
        change("a", 1, "b", Map.of("x", 1));

        Merged half = report(NOON, "a", new BigDecimal("1.0"), "b", Map.of("x", 1, "y", 2));
        Merged whole = report(NOON, "b", Map.of("x", 1));

        assertThat(half.difference()).isEqualTo(new Json("{\"b\": {\"x\": 1}}"));
        assertThat(whole.difference()).isNull();
    }

    @Test
    void desiredValuesAreChangedOneByOne() {
        change("a", 1, "b", 2);

        change("a", null, "c", "3");

        assertThat(service().desired().properties().text()).isEqualTo("{\"b\": 2, \"c\": \"3\"}");
        assertThat(service().version()).isEqualTo(2);
    }

    @Test
    void emptyChangeTakesAllDesiredValuesAway() {
        change("a", 1);
        report(NOON, "a", 2);

        change();

        assertThat(service().desired()).isNull();
        assertThat(reported()).isEqualTo("{\"a\": 2}");
        assertThat(service().version()).isEqualTo(3);
    }

    @Test
    void whereNothingIsThereNothingIsTakenAway() {
        change();

        assertThat(shadow().services()).isEmpty();
    }

    @Test
    void versionMustBeTheOneGiven() {
        change("a", 1);
        List<DesiredChange> changes =
                List.of(new DesiredChange("Air", values("a", 1), 0L), new DesiredChange("Water", values("a", 2), 0L));

        Failure failure = room.failure(new ChangeDesired(DEVICE, changes));

        assertThat(failure).isEqualTo(new Failure.Conflict("shadow of", "d1"));
        assertThat(shadow().services()).singleElement().satisfies(service -> {
            assertThat(service.desired().properties().text()).isEqualTo("{\"a\": 1}");
            assertThat(service.version()).isEqualTo(1);
        });
    }

    @Test
    void versionOfAServiceWithoutRowIsZero() {
        assertThat(room.failure(new ChangeDesired(DEVICE, List.of(new DesiredChange("Water", values("a", 1), 1L)))))
                .isInstanceOf(Failure.Conflict.class);
        assertThat(room.failure(new ChangeDesired(DEVICE, List.of(new DesiredChange("Water", Map.of(), 1L)))))
                .isInstanceOf(Failure.Conflict.class);

        room.ask(new ChangeDesired(DEVICE, List.of(new DesiredChange("Water", values("a", 1), 0L))));

        assertThat(service().version()).isEqualTo(1);
    }

    @Test
    void staleVersionFailsAloneInItsBatch() {
        List<Future<Done>> answers = new ArrayList<>();
        for (int i = 2; i < 30; i++) {
            room.insert(Room.device("d" + i));
            Long version = i == 7 ? 5L : null;
            answers.add(room.bus.ask(new ChangeDesired(
                    new DeviceId("d" + i), List.of(new DesiredChange("Water", values("a", 1), version)))));
        }
        room.await(Future.join(answers).otherwiseEmpty());

        assertThat(answers.stream().filter(Future::failed)).hasSize(1);
        assertThat(answers.get(5).failed()).isTrue();
    }

    @Test
    void deviceThatIsNotThereHasNoShadow() {
        DeviceId nobody = new DeviceId("nobody");

        assertThat(room.failure(new MergeReported(nobody, "Water", values("a", 1), NOON)))
                .isEqualTo(new Failure.DeviceNotFound(nobody));
        assertThat(room.failure(new ChangeDesired(nobody, List.of(new DesiredChange("Water", values("a", 1), null)))))
                .isEqualTo(new Failure.DeviceNotFound(nobody));
        assertThat(room.ask(new SelectShadow(nobody)).shadow().services()).isEmpty();
    }

    @Test
    void shadowGoesWithItsServicesOrItsDevice() {
        change("a", 1);
        room.ask(new ChangeDesired(DEVICE, List.of(new DesiredChange("Air", values("a", 1), null))));

        room.ask(new DeleteShadowRows(DEVICE, "Air"));
        List<Shadow.Service> left = shadow().services();
        room.ask(new DeviceRows.DeleteDeviceRow(DEVICE));

        assertThat(left).extracting(Shadow.Service::serviceId).containsExactly("Water");
        assertThat(shadow().services()).isEmpty();
    }

    @Test
    void differencesAreThoseOfADeviceAndOfWhatHangsUnderIt() {
        room.insert(Room.device("child", "d1", 0));
        room.insert(Room.device("grandchild", "child", 0));
        room.insert(Room.device("stranger"));
        for (String id : List.of("d1", "grandchild", "child", "stranger")) {
            change(new DeviceId(id), "a", 1);
        }
        report(NOON, "b", 1);
        room.ask(new MergeReported(new DeviceId("child"), "Water", values("a", 1), NOON));

        Differences found = room.ask(new SelectDifferences(DEVICE, null, 10));
        Differences first = room.ask(new SelectDifferences(DEVICE, null, 1));
        Differences second =
                room.ask(new SelectDifferences(DEVICE, first.differences().getLast(), 1));

        assertThat(found.differences()).extracting(d -> d.device().value()).containsExactly("d1", "grandchild");
        assertThat(found.differences()).extracting(Difference::properties).containsOnly(new Json("{\"a\": 1}"));
        assertThat(found.more()).isFalse();
        assertThat(first.more()).isTrue();
        assertThat(second.differences()).extracting(d -> d.device().value()).containsExactly("grandchild");
    }

    /** Two nodes report and wish for the same services at the same time: no write is lost, and each has its version. */
    @Test
    void versionsGrowByOneWithEveryWriteOfTwoNodes() {
        try (Room other = Room.on(uri)) {
            int writes = 200;
            List<Future<?>> answers = new ArrayList<>();
            for (int i = 0; i < writes; i++) {
                Room node = i % 2 == 0 ? room : other;
                String service = "s" + i % 3;
                answers.add(
                        i % 4 < 2
                                ? node.bus.ask(new MergeReported(DEVICE, service, values("p" + i, i), NOON))
                                : node.bus.ask(new ChangeDesired(
                                        DEVICE, List.of(new DesiredChange(service, values("p" + i, i), null)))));
            }
            room.await(Future.join(answers));

            assertThat(shadow().services().stream()
                            .mapToLong(Shadow.Service::version)
                            .sum())
                    .isEqualTo(writes);
            String all = shadow().toString()
                    + shadow().services().stream()
                            .map(s -> s.desired().properties().text()
                                    + s.reported().properties().text())
                            .toList();
            assertThat(IntStream.range(0, writes).mapToObj(i -> "\"p" + i + "\": " + i))
                    .allMatch(all::contains);
        }
    }

    /** Of writers that all read the same version, one gets through. */
    @Test
    void oneOfManyWritersWithTheSameVersionWins() {
        try (Room other = Room.on(uri)) {
            for (long version = 0; version < 10; version++) {
                List<Future<Done>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    Room node = i % 2 == 0 ? room : other;
                    answers.add(node.bus.ask(new ChangeDesired(
                            DEVICE, List.of(new DesiredChange("Water", values("winner", i), version)))));
                }
                room.await(Future.join(answers).otherwiseEmpty());

                assertThat(answers.stream().filter(Future::succeeded)).hasSize(1);
                assertThat(service().version()).isEqualTo(version + 1);
            }
        }
    }

    private Shadow shadow() {
        return room.ask(new SelectShadow(DEVICE)).shadow();
    }

    private Shadow.Service service() {
        return shadow().only("Water").services().getFirst();
    }

    private String reported() {
        return service().reported().properties().text();
    }

    @CanIgnoreReturnValue
    private Merged report(Instant time, @Nullable Object... properties) {
        return room.ask(new MergeReported(DEVICE, "Water", values(properties), time));
    }

    private void change(@Nullable Object... properties) {
        change(DEVICE, properties);
    }

    private void change(DeviceId device, @Nullable Object... properties) {
        room.ask(new ChangeDesired(device, List.of(new DesiredChange("Water", values(properties), null))));
    }

    private static Map<String, @Nullable Object> values(@Nullable Object... properties) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            values.put((String) properties[i], properties[i + 1]);
        }
        return values;
    }
}
