// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.OutboxRows.Interest;
import dev.downlink.protocol.OutboxRows.OfferEvent;
import dev.downlink.protocol.OutboxRows.SelectInterests;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxIT {
    private static final DeviceId D = new DeviceId("d1");

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void interestsAreThoseOfTheActiveRulesOfTheProject() {
        TestDatabase.execute(uri, "INSERT INTO project VALUES ('p2', 'two', now())");
        rule("p1", null, "device.property:report", true);
        rule("p1", null, "device.property:report", true);
        rule("p1", "s1", "device.message:report", true);
        rule("p1", null, "device.event:report", false);
        rule("p1", null, "product:sold", true);
        rule("p2", null, "device.event:report", true);

        assertThat(room.ask(new SelectInterests(Room.PROJECT)).all())
                .containsExactlyInAnyOrder(
                        new Interest(null, Subject.DEVICE_PROPERTY), new Interest(Room.SPACE, Subject.DEVICE_MESSAGE));
    }

    @Test
    void thereMayBeNoInterest() {
        assertThat(room.ask(new SelectInterests(new ProjectId("none"))).all()).isEmpty();
    }

    @Test
    void offerIsStoredForARule() {
        rule("p1", "s1", "device.property:report", true);

        room.ask(offer(D, "{\"a\": 1}"));

        assertThat(Letters.read(uri, "SELECT concat_ws(' ', project_id, device_id, subject, body) FROM outbox"))
                .containsExactly("p1 d1 device.property:report {\"a\": 1}");
        assertThat(Letters.read(uri, "SELECT happened::text FROM outbox WHERE happened <= now()"))
                .hasSize(1);
    }

    @Test
    void offerIsNotStoredForRulesThatAskForSomethingElse() {
        TestDatabase.execute(uri, "INSERT INTO project VALUES ('p2', 'two', now())");
        TestDatabase.execute(uri, "INSERT INTO space VALUES ('p1', 'elsewhere', 'two', false, now())");
        rule("p1", "elsewhere", "device.property:report", true);
        rule("p1", null, "device.message:report", true);
        rule("p1", null, "device.property:report", false);
        rule("p2", null, "device.property:report", true);

        assertThat(room.ask(offer(D, "{}"))).isEqualTo(Done.DONE);

        assertThat(bodies()).isEmpty();
    }

    @Test
    void offersOfADeviceKeepTheirOrder() {
        rule("p1", null, "device.property:report", true);
        List<Future<Done>> offers = IntStream.range(0, 300)
                .mapToObj(i -> room.bus.ask(offer(new DeviceId("d" + i % 3), "" + i)))
                .toList();

        room.await(Future.all(offers));

        assertThat(bodies()).hasSize(300);
        for (int device = 0; device < 3; device++) {
            assertThat(Letters.read(
                            uri, "SELECT body::text FROM outbox WHERE device_id = 'd" + device + "' ORDER BY id"))
                    .isEqualTo(IntStream.iterate(device, i -> i < 300, i -> i + 3)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\u0000\"", "\"\\ud800\"", "1e999999"})
    void whatCannotBeKeptIsRefusedAlone(String body) {
        rule("p1", null, "device.property:report", true);
        Future<Done> before = room.bus.ask(offer(new DeviceId("d2"), "2"));
        Future<Done> after = room.bus.ask(offer(new DeviceId("d3"), "3"));

        assertThat(room.failure(offer(D, body))).isEqualTo(new Failure.Invalid("body", "cannot be kept"));

        room.await(Future.all(before, after));
        assertThat(bodies()).containsExactlyInAnyOrder("2", "3");
    }

    private static OfferEvent offer(DeviceId device, String body) {
        return new OfferEvent(Room.PROJECT, new SpaceId("s1"), device, Subject.DEVICE_PROPERTY, new Json(body));
    }

    private void rule(String project, @Nullable String space, String subject, boolean active) {
        TestRules.add(uri, project, space, subject, active);
    }

    private List<String> bodies() {
        return Letters.read(uri, "SELECT body::text FROM outbox");
    }
}
