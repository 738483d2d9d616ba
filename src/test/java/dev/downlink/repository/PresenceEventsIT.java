// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.SessionRows.Beat;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.protocol.SessionRows.EndOrphans;
import dev.downlink.protocol.SessionRows.ForgetNode;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SessionRows.ReapNode;
import dev.downlink.protocol.SessionRows.ReapNodes;
import dev.downlink.protocol.SessionRows.TellAbsent;
import dev.downlink.protocol.SessionRows.ToldAbsent;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rules are told of devices that come and go. */
class PresenceEventsIT {
    private static final DeviceId D = new DeviceId("d1");

    private final Secret uri = TestDatabase.fresh();
    private Room room = Room.furnished(uri);

    @BeforeEach
    void insert() {
        room.insert(Room.device("d1"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    /** From here on devices have to stay away for an hour, which only a test's own hand ends. */
    private void debounce() {
        room.close();
        room = Room.on(uri, Duration.ofHours(1));
    }

    private void rule(String project, @Nullable String space, String subject, boolean active) {
        TestRules.add(uri, project, space, subject, active);
    }

    private void all() {
        rule("p1", null, "device.status:update", true);
    }

    private long open(DeviceId device, int node) {
        return room.ask(new OpenSession(device, node, "mqtt/" + node, true, 0)).epoch();
    }

    private void makeDue() {
        TestDatabase.execute(uri, "UPDATE absence SET due = now()");
    }

    private List<String> events() {
        return Letters.read(
                uri, "SELECT concat_ws(' ', device_id, subject, body ->> 'status') FROM outbox ORDER BY id");
    }

    private List<String> absent() {
        return Letters.read(uri, "SELECT device_id FROM absence");
    }

    @Test
    void nobodyWhoDoesNotAskIsTold() {
        TestDatabase.execute(uri, "INSERT INTO project VALUES ('p2', 'two', now())");
        rule("p2", null, "device.status:update", true);
        rule("p1", null, "device.status:update", false);
        rule("p1", null, "device.message.status:update", true);
        TestDatabase.execute(uri, "INSERT INTO space VALUES ('p1', 's2', 'two', false, now())");
        rule("p1", "s2", "device.status:update", true);

        room.ask(new CloseSession(D, open(D, 1)));

        assertThat(events()).isEmpty();
    }

    @Test
    void comingAndGoingIsToldOnceEach() {
        all();

        long epoch = open(D, 1);
        room.ask(new CloseSession(D, epoch));
        room.ask(new CloseSession(D, epoch));

        assertThat(events()).containsExactly("d1 device.status:update ONLINE", "d1 device.status:update OFFLINE");
    }

    @Test
    void aRuleOfTheSpaceIsEnough() {
        rule("p1", "s1", "device.status:update", true);

        var _ = open(D, 1);

        assertThat(events()).containsExactly("d1 device.status:update ONLINE");
    }

    @Test
    void takeOverIsNoChange() {
        all();
        long first = open(D, 1);

        long second = open(D, 2);
        room.ask(new CloseSession(D, first));

        assertThat(events()).containsExactly("d1 device.status:update ONLINE");
        room.ask(new CloseSession(D, second));
        assertThat(events()).hasSize(2);
    }

    @Test
    void anEventHasTheTimesThatAnswersShow() {
        all();
        long epoch = open(D, 1);
        String online = Letters.read(uri, "SELECT changed::text FROM session").getFirst();

        room.ask(new CloseSession(D, epoch));

        assertThat(Letters.read(uri, """
            SELECT concat_ws(' ', body ->> 'status',
                (body ->> 'last_online_time')::timestamptz = date_trunc('milliseconds', '%s'::timestamptz),
                (body ->> 'status_update_time')::timestamptz = date_trunc('milliseconds', s.changed))
            FROM outbox, session s ORDER BY id DESC LIMIT 1\
            """.formatted(online))).containsExactly("OFFLINE t t");
        assertThat(Letters.read(uri, "SELECT body ->> 'last_online_time' FROM outbox"))
                .allMatch(time -> time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    }

    @Test
    void devicesOfANodeThatIsGoneAreToldOnce() {
        all();
        List<String> gone = List.of("d1", "d2", "d3", "d4");
        gone.stream().skip(1).forEach(id -> room.insert(Room.device(id)));
        for (int node = 1; node <= 3; node++) {
            room.ask(new Beat(node, "node" + node));
        }
        for (int i = 0; i < 4; i++) {
            var _ = open(new DeviceId(gone.get(i)), i + 1);
        }

        room.ask(new ForgetNode(1));
        room.ask(new ReapNode(2, Duration.ofMillis(-1)));
        room.ask(new ReapNodes(9, "node3", Duration.ofHours(1)));
        room.ask(new EndOrphans());
        room.ask(new EndOrphans());

        assertThat(events().stream().filter(event -> event.endsWith("OFFLINE")))
                .containsExactlyElementsOf(gone.stream()
                        .map(id -> id + " device.status:update OFFLINE")
                        .toList());
    }

    @Test
    void aDeletedDeviceDoesNotGoOffLine() {
        all();
        long epoch = open(D, 1);
        room.ask(new DeviceRows.DeleteDeviceRow(D));

        room.ask(new CloseSession(D, epoch));

        assertThat(events()).containsExactly("d1 device.status:update ONLINE");
    }

    @Test
    void whatHappensAtOnceIsToldInItsOrder() {
        all();
        List<DeviceId> devices = IntStream.range(0, 20)
                .mapToObj(i -> room.insert(Room.device("many" + i)).id())
                .toList();
        Random random = new Random(7);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            DeviceId device = devices.get(random.nextInt(devices.size()));
            done.add(room.bus
                    .ask(new OpenSession(device, 1, "mqtt/1", true, 0))
                    .compose(opened -> room.bus.ask(new CloseSession(device, opened.epoch() - random.nextInt(2)))));
        }
        room.await(Future.all(done));

        for (DeviceId device : devices) {
            List<String> told = Letters.read(
                    uri, "SELECT body ->> 'status' FROM outbox WHERE device_id = '" + device + "' ORDER BY id");
            for (int i = 0; i < told.size(); i++) {
                assertThat(told.get(i)).isEqualTo(i % 2 == 0 ? "ONLINE" : "OFFLINE");
            }
            assertThat(Letters.read(uri, "SELECT address IS NOT NULL FROM session WHERE device_id = '" + device + "'"))
                    .containsExactly(told.size() % 2 == 0 ? "f" : "t");
        }
    }

    @Test
    void whoComesBackSoonWasNeverAway() {
        debounce();
        all();
        room.ask(new CloseSession(D, open(D, 1)));
        assertThat(absent()).containsExactly("d1");

        var _ = open(D, 1);
        makeDue();
        ToldAbsent told = room.ask(new TellAbsent(10));

        assertThat(told).isEqualTo(new ToldAbsent(0, false));
        assertThat(events()).containsExactly("d1 device.status:update ONLINE");
        assertThat(absent()).isEmpty();
    }

    @Test
    void whoStaysAwayIsToldOnceAndThenItsReturn() {
        debounce();
        all();
        room.ask(new CloseSession(D, open(D, 1)));
        assertThat(room.ask(new TellAbsent(10))).isEqualTo(new ToldAbsent(0, false));

        makeDue();
        ToldAbsent told = room.ask(new TellAbsent(1));
        ToldAbsent again = room.ask(new TellAbsent(1));
        var _ = open(D, 1);

        assertThat(told).isEqualTo(new ToldAbsent(1, true));
        assertThat(again).isEqualTo(new ToldAbsent(0, false));
        assertThat(events())
                .containsExactly(
                        "d1 device.status:update ONLINE",
                        "d1 device.status:update OFFLINE",
                        "d1 device.status:update ONLINE");
    }

    @Test
    void flappingIsToldWhenItEndsOffLine() {
        debounce();
        all();
        for (int i = 0; i < 5; i++) {
            room.ask(new CloseSession(D, open(D, 1)));
        }

        makeDue();
        room.ask(new TellAbsent(10));

        assertThat(events()).containsExactly("d1 device.status:update ONLINE", "d1 device.status:update OFFLINE");
    }

    @Test
    void whatWaitsIsThereAfterACrash() {
        debounce();
        all();
        room.ask(new Beat(1, "one"));
        var _ = open(D, 1);
        room.ask(new ForgetNode(1));

        room.close();
        room = Room.on(uri, Duration.ZERO);
        makeDue();
        room.ask(new TellAbsent(10));

        assertThat(events()).containsExactly("d1 device.status:update ONLINE", "d1 device.status:update OFFLINE");
    }

    @Test
    void severalThatLookAtOnceTellEachOnce() {
        debounce();
        all();
        List<Future<?>> gone = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            DeviceId device = room.insert(Room.device("x" + i)).id();
            gone.add(room.bus
                    .ask(new OpenSession(device, 1, "mqtt/1", true, 0))
                    .compose(opened -> room.bus.ask(new CloseSession(device, opened.epoch()))));
        }
        room.await(Future.all(gone));
        makeDue();

        try (Room other = Room.on(uri, Duration.ofHours(1))) {
            List<Future<?>> looks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                looks.add((i % 2 == 0 ? room : other).bus.ask(new TellAbsent(15)));
            }
            room.await(Future.all(looks));
            while (room.ask(new TellAbsent(15)).more()) {
                assertThat(absent()).doesNotHaveDuplicates();
            }
        }

        assertThat(events().stream().filter(event -> event.endsWith("OFFLINE")))
                .hasSize(200)
                .doesNotHaveDuplicates();
    }

    @Test
    void withoutARuleNothingWaits() {
        debounce();

        room.ask(new CloseSession(D, open(D, 1)));

        assertThat(absent()).isEmpty();
    }

    @Test
    void aNewDeviceOfThatNameIsAnotherOne() {
        debounce();
        all();
        room.ask(new CloseSession(D, open(D, 1)));
        room.ask(new DeviceRows.DeleteDeviceRow(D));
        room.insert(Room.device("d1"));

        room.ask(new CloseSession(D, open(D, 1)));
        makeDue();
        room.ask(new TellAbsent(10));

        assertThat(events())
                .containsExactly(
                        "d1 device.status:update ONLINE",
                        "d1 device.status:update ONLINE",
                        "d1 device.status:update OFFLINE");
    }
}
