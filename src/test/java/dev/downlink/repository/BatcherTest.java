// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private final List<List<String>> batches = new ArrayList<>();
    private final List<Promise<Function<String, String>>> running = new ArrayList<>();
    /** The lane of a call is its first letter. */
    private final Batcher<String, String> batcher =
            new Batcher<>(3, 5, 1, call -> call.charAt(0), new Level(), this::run);

    @Test
    void gathersWhileABatchIsInFlight() {
        List<Future<String>> calls = submit("a1", "b1", "c1", "d1", "e1");

        finishAll();

        assertThat(batches).containsExactly(List.of("a1"), List.of("b1", "c1", "d1"), List.of("e1"));
        assertThat(calls.stream().map(Future::result)).containsExactly("a1!", "b1!", "c1!", "d1!", "e1!");
    }

    @Test
    void callsOfOneLaneGoOneAfterTheOther() {
        List<Future<String>> calls = submit("a1", "b1", "b2", "c1", "b3");

        finishAll();

        assertThat(batches).containsExactly(List.of("a1"), List.of("b1", "c1"), List.of("b2"), List.of("b3"));
        assertThat(calls).allMatch(Future::succeeded);
    }

    @Test
    void noLaneIsInTwoBatchesAtATime() {
        Batcher<String, String> two = new Batcher<>(3, 5, 2, call -> call.charAt(0), new Level(), this::run);
        List<Future<String>> calls =
                Stream.of("a1", "a2", "b1", "b2", "c1").map(two::submit).toList();

        running.get(1).complete(call -> call + '!');
        running.get(0).complete(call -> call + '!');
        running.get(2).complete(call -> call + '!');
        running.get(3).complete(call -> call + '!');

        assertThat(batches).containsExactly(List.of("a1"), List.of("b1"), List.of("b2", "c1"), List.of("a2"));
        assertThat(calls).allMatch(Future::succeeded);
    }

    @Test
    void refusesWhatDoesNotFitIntoTheQueue() {
        List<Future<String>> calls = submit("a1", "b1", "c1", "d1", "e1", "f1", "g1");

        assertThat(((Failed) calls.getLast().cause()).failure()).isEqualTo(new Failure.Busy("repository"));
        assertThat(calls.get(5).isComplete()).isFalse();
    }

    @Test
    void aPoisonRowFailsAlone() {
        List<Future<String>> calls = submit("a1", "b1", "c1", "d1");

        running.removeFirst().complete(call -> call + '!');
        running.removeFirst().fail(new IllegalStateException("one of them"));
        running.removeFirst().complete(call -> call + '!');
        running.removeFirst().fail(new IllegalStateException("this one"));
        running.removeFirst().complete(call -> call + '!');

        assertThat(calls.stream().map(Future::succeeded)).containsExactly(true, true, false, true);
    }

    @Test
    void anExpectedFailureIsNotTriedAgain() {
        List<Future<String>> calls = submit("a1", "b1", "c1");

        running.removeFirst().complete(call -> call + '!');
        running.removeFirst().fail(new Failed(new Failure.StorageUnavailable()));

        assertThat(calls.stream().map(Future::succeeded)).containsExactly(true, false, false);
        assertThat(running).isEmpty();
    }

    private List<Future<String>> submit(String... calls) {
        List<Future<String>> answers = new ArrayList<>();
        for (String call : calls) {
            answers.add(batcher.submit(call));
        }
        return answers;
    }

    private Future<Function<String, String>> run(List<String> batch) {
        batches.add(batch);
        Promise<Function<String, String>> promise = Promise.promise();
        running.add(promise);
        return promise.future();
    }

    private void finishAll() {
        while (!running.isEmpty()) {
            running.removeFirst().complete(call -> call + '!');
        }
    }
}
