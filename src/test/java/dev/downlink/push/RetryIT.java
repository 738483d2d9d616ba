// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.ActionId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.DeadLetterRows.DeadLetter;
import dev.downlink.protocol.DeadLetterRows.ListDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ReplayDeadLetters;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.PushRows.OutletStatus;
import dev.downlink.protocol.PushRows.SelectStatus;
import dev.downlink.support.Certificates;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not get through. */
class RetryIT {
    private final Secret uri = Room.database();
    private final Receiver receiver = Receiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void eventsOfAReceiverThatIsDownArriveLaterInOrder() {
        int port = receiver.port();
        Room.rule(uri, 1, receiver.url());
        receiver.close();
        try (Room room = Room.on(uri)) {
            IntStream.range(0, 40).forEach(i -> room.offer("d" + (1 + i % 2), "{\"n\":" + i + "}"));
            await().until(() -> status(room).failed() > 0);

            try (Receiver later = Receiver.startAt(port)) {
                await().until(() -> Rows.count(uri, "outbox") == 0);

                for (int device = 0; device < 2; device++) {
                    assertThat(later.numbers("d" + (device + 1)))
                            .containsExactlyElementsOf(IntStream.iterate(device, i -> i < 40, i -> i + 2)
                                    .boxed()
                                    .toList());
                }
            }
        }
    }

    @Test
    void deviceWhoseEventFailsWaitsAndOthersGoOn() {
        Set<Integer> failing = ConcurrentHashMap.newKeySet();
        failing.add(0);
        receiver.answers(push -> failing.contains(push.number()) ? 500 : 200);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_MAX_REFUSALS", "100")) {
            IntStream.range(0, 10).forEach(i -> room.offer("d" + (1 + i % 2), "{\"n\":" + i + "}"));
            await().until(() -> receiver.numbers("d2").equals(List.of(1, 3, 5, 7, 9)));
            assertThat(receiver.numbers("d1")).containsOnly(0);

            failing.clear();

            await().until(() -> Rows.count(uri, "outbox") == 0);
            assertThat(receiver.numbers("d1")).endsWith(0, 2, 4, 6, 8);
        }
    }

    @Test
    void eventThatIsRefusedTooOftenIsADeadLetterAndTheNextGoesOut() {
        receiver.answers(push -> push.number() == 1 ? 400 : 200);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_MAX_REFUSALS", "2")) {
            IntStream.range(0, 3).forEach(i -> room.offer("d1", "{\"n\":" + i + "}"));

            await().until(() -> Rows.count(uri, "outbox") == 0);

            assertThat(receiver.numbers("d1")).containsExactly(0, 1, 1, 2);
            DeadLetter letter = letters(room).getFirst();
            assertThat(letter.error()).isEqualTo("answered 400");
            assertThat(letter.body().text()).isEqualTo("{\"n\": 1}");
        }
    }

    @Test
    void eventThatFailsWhileOthersGetThroughIsADeadLetter() {
        receiver.answers(push -> push.number() == 0 ? 500 : 200);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_MAX_REFUSALS", "2")) {
            room.offer("d1", "{\"n\":0}");
            AtomicInteger next = new AtomicInteger(1);

            await().until(() -> {
                room.offer("d2", "{\"n\":" + next.getAndIncrement() + "}");
                return Rows.count(uri, "dead_letter") == 1;
            });

            assertThat(letters(room).getFirst().error()).isEqualTo("answered 500");
        }
    }

    @Test
    void deadLetterIsSentWhenItIsReplayed() {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>(Map.of(1, 422));
        receiver.answers(push -> answers.getOrDefault(push.number(), 200));
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_MAX_REFUSALS", "1")) {
            room.offer("d1", "{\"n\":1}");
            await().until(() -> Rows.count(uri, "dead_letter") == 1);
            answers.clear();

            int replayed = room.ask(new ReplayDeadLetters(Room.PROJECT, new ActionId("a1"), null))
                    .count();

            assertThat(replayed).isEqualTo(1);
            await().until(() -> receiver.numbers("d1").equals(List.of(1, 1)));
            await().until(() -> Rows.count(uri, "outbox") == 0);
            assertThat(Rows.count(uri, "dead_letter")).isZero();
        }
    }

    @Test
    void redirectsAreNotFollowed() {
        receiver.answers(push -> push.path().equals("/events") ? 302 : 200);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");

            await().until(() -> status(room).lastError() != null);

            assertThat(status(room).lastError()).isEqualTo("answered 302: redirects are not followed");
            assertThat(receiver.pushes).allMatch(push -> push.path().equals("/events"));
        }
    }

    @Test
    void receiverThatDoesNotAnswerHasFailed() {
        receiver.answers(_ -> 0);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_TIMEOUT", "200ms")) {
            room.offer("d1", "{\"n\":1}");

            await().until(() -> status(room).lastError() != null);

            assertThat(status(room).lastError()).isEqualTo("no answer in 200 ms");
        }
    }

    @Test
    void certificateThatIsNotTrustedIsSaid(@TempDir Path directory) {
        Certificates own = Certificates.selfSigned("localhost");
        try (Receiver strange = Receiver.startWith(
                own.writeCertificate(directory.resolve("own.crt")), own.writeKey(directory.resolve("own.key")))) {
            Room.rule(uri, 1, "https://localhost:" + strange.port() + "/");
            try (Room room = Room.on(uri)) {
                room.offer("d1", "{\"n\":1}");

                await().until(() -> status(room).lastError() != null);

                assertThat(status(room).lastError())
                        .startsWith("TLS with localhost:" + strange.port() + " fails: ")
                        .contains("unable to find valid certification path");
            }
        }
    }

    @Test
    void slowReceiverDoesNotHoldUpOthers() {
        try (Receiver slow = Receiver.start()) {
            slow.answers(_ -> 0);
            Room.rule(uri, 1, slow.url());
            Room.rule(uri, 2, receiver.url());
            try (Room room = Room.on(uri, "PUSH_MAX_IN_FLIGHT", "2")) {
                IntStream.range(0, 50).forEach(i -> room.offer("d" + (1 + i % 5), "{\"n\":" + i + "}"));

                await().until(() -> receiver.pushes.size() == 50);

                assertThat(slow.pushes).hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void receiverThatFailsTooOftenIsPausedProbedAndGetsTheBacklogFirst() {
        receiver.answers(_ -> 500);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_MAX_FAILURES", "3", "PUSH_PROBE_INTERVAL", "300ms")) {
            IntStream.range(0, 60).forEach(i -> room.offer("d" + (1 + i % 3), "{\"n\":" + i + "}"));
            await().until(() -> status(room).paused());

            receiver.answers(_ -> 200);
            int before = receiver.pushes.size();

            await().until(() -> Rows.count(uri, "outbox") == 0);
            await().until(() -> !status(room).paused());
            for (int device = 0; device < 3; device++) {
                int first = device;
                assertThat(receiver.pushes.subList(before, receiver.pushes.size()).stream()
                                .filter(push -> push.device().equals("d" + (first + 1)))
                                .map(Receiver.Push::number))
                        .endsWith(IntStream.iterate(device, i -> i < 60, i -> i + 3)
                                .boxed()
                                .toArray(Integer[]::new));
            }
        }
    }

    @Test
    void deviceWithMuchThatWaitsDoesNotFillTheMemoryOfOthers() {
        Set<Integer> failing = ConcurrentHashMap.newKeySet();
        failing.add(0);
        receiver.answers(push -> failing.contains(push.number()) ? 500 : 200);
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri, "PUSH_MAX_IN_HAND", "32", "PUSH_MAX_REFUSALS", "100")) {
            IntStream.range(0, 200).forEach(i -> room.offer("d1", "{\"n\":" + i + "}"));
            room.offer("d2", "{\"n\":1000}");
            await().until(() -> receiver.numbers("d2").equals(List.of(1000)));

            failing.clear();

            await().until(() -> Rows.count(uri, "outbox") == 0);
            assertThat(receiver.numbers("d1"))
                    .endsWith(IntStream.range(0, 200).boxed().toArray(Integer[]::new));
        }
    }

    private static OutletStatus status(Room room) {
        return room.ask(new SelectStatus(1));
    }

    private static List<DeadLetter> letters(Room room) {
        return room.ask(new ListDeadLetters(Room.PROJECT, new ActionId("a1"), Page.FIRST))
                .letters();
    }
}
