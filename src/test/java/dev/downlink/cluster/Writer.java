// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import dev.downlink.support.Api;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An application that sends numbered messages to one device, one after the other, and writes down what was promised. */
final class Writer implements AutoCloseable {
    private static final long PAUSE_MILLIS = 15;

    private final String device;
    private final Supplier<Api> api;
    private final List<String> promised = new CopyOnWriteArrayList<>();
    private final Set<String> errors = ConcurrentHashMap.newKeySet();
    private final Thread life;
    private volatile boolean ended;

    Writer(String device, Supplier<Api> api) {
        this.device = device;
        this.api = api;
        life = Thread.ofVirtual().name("writer of " + device).start(this::live);
    }

    /** The contents of all messages that were answered with 201, in their order. */
    List<String> promised() {
        return List.copyOf(promised);
    }

    /** Reasons of errors that are not "try again". */
    Set<String> errors() {
        return Set.copyOf(errors);
    }

    private void live() {
        for (int number = 0; !ended; number++) {
            send("%s/%05d".formatted(device, number));
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void send(String content) {
        try {
            Api.Answer answer =
                    api.get().post("/devices/" + device + "/messages", new JsonObject().put("message", content));
            if (answer.status() == 201) {
                promised.add(content);
            } else if (answer.status() != 503) {
                errors.add(answer.toString());
            }
        } catch (UncheckedIOException _) {
            // the node is gone: nothing was promised
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            life.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
