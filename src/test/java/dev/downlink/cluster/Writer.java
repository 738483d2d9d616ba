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
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** An application that sends numbered messages to one device, one after the other, and writes down what was promised. */
final class Writer implements AutoCloseable {
    private static final long PAUSE_MILLIS = 15;

    private final String device;
    private final Supplier<Api> api;
    private final IntFunction<String> name;
    private final Function<String, JsonObject> message;
    private final List<String> promised = new CopyOnWriteArrayList<>();
    private final Set<String> errors = ConcurrentHashMap.newKeySet();
    private final Thread life;
    private volatile boolean ended;

    /** Messages whose contents are the device and a number. */
    Writer(String device, Supplier<Api> api) {
        this(
                device,
                api,
                number -> "%s/%05d".formatted(device, number),
                content -> new JsonObject().put("message", content));
    }

    /**
     * @param name by which the message with a number is known
     * @param message what is sent for a name
     */
    Writer(String device, Supplier<Api> api, IntFunction<String> name, Function<String, JsonObject> message) {
        this.device = device;
        this.api = api;
        this.name = name;
        this.message = message;
        life = Thread.ofVirtual().name("writer of " + device).start(this::live);
    }

    String device() {
        return device;
    }

    /** The names of all messages that were answered with 201, in their order. */
    List<String> promised() {
        return List.copyOf(promised);
    }

    /** Reasons of errors that are not "try again". */
    Set<String> errors() {
        return Set.copyOf(errors);
    }

    private void live() {
        for (int number = 0; !ended; number++) {
            send(name.apply(number));
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void send(String name) {
        try {
            Api.Answer answer = api.get().message(device, message.apply(name));
            if (answer.status() == 201) {
                promised.add(name);
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
