// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications that send a steady number of commands and try the other node when one is not there or has no time. The devices
 * repeat what they were told, so that every answer can be checked.
 */
final class Load {
    private static final int MILLIS_BETWEEN = 10;
    private static final int SOME = 50;

    private final Api[] nodes;
    private final List<String> devices;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger next = new AtomicInteger();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final Set<String> errors = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();

    private Load(List<String> devices, Api... nodes) {
        this.nodes = nodes;
        this.devices = devices;
    }

    static Load start(Api one, Api other, List<String> devices) {
        Load load = new Load(devices, one, other);
        var _ = load.clock.scheduleAtFixedRate(
                () -> load.callers.execute(load::call), 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
        return load;
    }

    private void call() {
        int number = next.getAndIncrement();
        String device = devices.get(number % devices.size());
        String value = "call" + number;
        if (!attempt(nodes[number % 2], device, value)) {
            boolean _ = attempt(nodes[(number + 1) % 2], device, value);
        }
    }

    /** Returns whether there was an answer that is not "try again elsewhere". */
    private boolean attempt(Api node, String device, String value) {
        try {
            Api.Answer answer = node.call("POST", "/devices/" + device + "/commands", command(value));
            if (answer.error() != null) {
                errors.add(answer.error());
                return answer.status() != 503;
            }
            if (isOwn(answer, device, value)) {
                answers.merge(device, 1, Integer::sum);
            } else {
                wrong.add(device + ' ' + value + " got " + answer);
            }
            return true;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    static String command(String value) {
        return new JsonObject()
                .put("paras", new JsonObject().put("value", value))
                .encode();
    }

    /** Whether it is that device's answer to that command. */
    static boolean isOwn(Api.Answer answer, String device, String value) {
        JsonObject paras =
                answer.body().getJsonObject("response", new JsonObject()).getJsonObject("paras", new JsonObject());
        return device.equals(paras.getString("device"))
                && value.equals(
                        paras.getJsonObject("received", new JsonObject()).getString("value"));
    }

    /** Until some more commands are answered. */
    void awaitAnswers() {
        int before = answered();
        await().atMost(Duration.ofSeconds(30)).until(() -> answered() >= before + SOME);
    }

    /** Until every device has answered once more. */
    void awaitAnswersOfAll() {
        Map<String, Integer> before = Map.copyOf(answers);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> devices.stream().allMatch(id -> answers.getOrDefault(id, 0) > before.getOrDefault(id, 0)));
    }

    /** Ends when every call has ended. */
    void stop() {
        clock.close();
        callers.close();
    }

    List<String> wrong() {
        return wrong;
    }

    /** Codes of all errors that any call ended with. */
    Set<String> errors() {
        return errors;
    }

    private int answered() {
        return answers.values().stream().mapToInt(Integer::intValue).sum();
    }
}
