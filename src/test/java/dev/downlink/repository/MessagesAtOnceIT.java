// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.Secret;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.MessageRows.ExpireMessages;
import dev.downlink.protocol.MessageRows.Inserted;
import dev.downlink.protocol.MessageRows.Settled;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that write to the same rows at the same time. */
class MessagesAtOnceIT {
    private static final int DEVICES = 50;

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);
    private final Room other = Room.on(uri);

    @BeforeEach
    void insert() {
        IntStream.range(0, DEVICES).forEach(i -> room.insert(Room.device("d" + i)));
        TestRules.add(uri, "p1", null, "device.message.status:update", true);
    }

    @AfterEach
    void close() {
        other.close();
        room.close();
    }

    @Test
    void eachMessageIsStoredOnceAndSettledOnce() {
        List<Future<Inserted>> inserts = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            for (int i = 0; i < DEVICES; i++) {
                inserts.add(store(room, i, n, 20));
                inserts.add(store(other, DEVICES - 1 - i, n, 20));
            }
        }
        await(inserts);
        List<Inserted> stored =
                inserts.stream().filter(Future::succeeded).map(Future::result).toList();

        List<Inserted> shuffled = new ArrayList<>(stored);
        Collections.shuffle(shuffled, new Random(1));
        List<Future<Settled>> settles = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            settles.add(settle(room.bus, stored.get(i), Fate.DELIVERED));
            settles.add(settle(other.bus, shuffled.get(i), i % 2 == 0 ? Fate.FAILED : Fate.DELIVERED));
        }
        await(settles);

        assertThat(stored).hasSize(DEVICES * 10);
        assertThat(settles).allMatch(Future::succeeded);
        assertThat(Letters.read(uri, "SELECT count(*) FROM message WHERE state IN (1, 2)"))
                .containsExactly("500");
        String ends = "FROM outbox WHERE body ->> 'status' <> 'PENDING'";
        assertThat(Letters.read(uri, "SELECT count(*) " + ends)).containsExactly("500");
        assertThat(Letters.read(uri, "SELECT count(DISTINCT (device_id, body ->> 'message_id')) " + ends))
                .containsExactly("500");
        assertThat(deadlocks()).containsExactly("0");
    }

    @Test
    void fullCachesAreEmptiedWithoutADeadlock() {
        List<Future<Inserted>> inserts = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            for (int i = 0; i < DEVICES; i++) {
                inserts.add(store(room, i, 2 * n, 3));
                inserts.add(store(other, DEVICES - 1 - i, 2 * n + 1, 3));
            }
        }
        List<Future<Settled>> settles = new ArrayList<>();
        inserts.forEach(one -> settles.add(one.compose(stored ->
                settle(stored.message().sequence() % 2 == 0 ? other.bus : room.bus, stored, Fate.DELIVERED))));

        await(settles);

        assertThat(settles).allMatch(Future::succeeded);
        assertThat(Letters.read(uri, "SELECT max(count) FROM (SELECT count(*) FROM message GROUP BY connection_id) c"))
                .isSubsetOf("3", "4");
        assertThat(deadlocks()).containsExactly("0");
    }

    @Test
    void whatExpiresIsNotSettledAndTheOtherWayRound() {
        List<Future<Inserted>> inserts = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            for (int i = 0; i < DEVICES; i++) {
                inserts.add(store(room, i, n, 20));
            }
        }
        await(inserts);
        TestDatabase.execute(uri, "UPDATE message SET expires_at = now() - random() * interval '1 minute'");

        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < inserts.size(); i++) {
            all.add(settle(i % 2 == 0 ? room.bus : other.bus, inserts.get(i).result(), Fate.DELIVERED));
            if (i % 50 == 0) {
                all.add(other.bus.ask(new ExpireMessages(20)));
                all.add(room.bus.ask(new ExpireMessages(20)));
            }
        }
        await(all);

        assertThat(all).allMatch(Future::succeeded);
        assertThat(Letters.read(uri, "SELECT count(*) FROM message WHERE state IN (1, 3) AND finished IS NOT NULL"))
                .containsExactly("500");
        assertThat(Letters.read(uri, "SELECT count(*) FROM outbox WHERE body ->> 'status' <> 'PENDING'"))
                .containsExactly("500");
        assertThat(deadlocks()).containsExactly("0");
    }

    private static Future<Inserted> store(Room room, int device, int message, int max) {
        return room.bus.ask(Letters.insert(
                new DeviceId("d" + device),
                Letters.message("m" + message),
                new MessageCache(max, Overflow.REPLACE_OLDEST)));
    }

    private static Future<Settled> settle(Bus bus, Inserted inserted, Fate fate) {
        return bus.ask(Letters.settle(inserted.message().key(), fate, null));
    }

    private void await(List<? extends Future<?>> all) {
        room.await(Future.join(all).transform(_ -> Future.succeededFuture()));
    }

    private List<String> deadlocks() {
        return Letters.read(uri, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }
}
