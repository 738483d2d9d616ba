// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.protocol.SubDeviceRequest.Change;
import dev.downlink.protocol.SubDeviceRequest.Changes;
import dev.downlink.protocol.SubDeviceRequest.FetchChanges;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one gateway which sub-devices it got and which it lost, in the order of their versions and page by page, since a
 * gateway takes nothing older than what it has. What could not be sent is sent with the next change, or asked for by the
 * gateway when it connects again (southbound §6). Belongs to one connection.
 */
final class ChildNews {
    static final String SERVICE = "$sub_device_manager";
    private static final Logger LOGGER = LoggerFactory.getLogger(ChildNews.class);
    private static final int PAGE = 100;
    private static final int MAX_CHARACTERS = 64 * 1024;
    /** In seconds, which versions are at least: how far clocks may be apart. */
    private static final int SKEW = 60;

    private final DeviceConnection connection;
    private final Adapter adapter;
    private final EventsDown down;
    /** All up to this version was told. */
    private long told;

    /** Whether the gateway named that version, and the list was not read since. */
    private boolean named;

    private boolean reading;
    private boolean again;

    /** Begins with what is changed from now on. */
    ChildNews(DeviceConnection connection, Adapter adapter, EventsDown down) {
        this.connection = connection;
        this.adapter = adapter;
        this.down = down;
        told = connection.session().opened().getEpochSecond() - SKEW;
    }

    /** The gateway says what it knows. */
    void know(long version) {
        told = version;
        named = true;
        read();
    }

    /** The list was changed. */
    void read() {
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        var _ = page().onComplete(result -> {
            reading = false;
            if (result.failed()) {
                again = false;
                failed(result.cause());
            } else if (again || result.result()) {
                again = false;
                read();
            }
        });
    }

    private void failed(Throwable e) {
        if (!connection.isClosed() && adapter.logs().permits()) {
            LOGGER.warn(
                    "gateway={} not told of its sub-devices error={}",
                    connection.session().device(),
                    e.getMessage());
        }
    }

    /** Whether there is more. */
    private Future<Boolean> page() {
        boolean asked = named;
        named = false;
        return adapter.bus()
                .ask(new FetchChanges(connection.session().device(), told, asked, PAGE))
                .compose(changes -> send(changes).map(changes.more()));
    }

    private Future<?> send(Changes changes) {
        Future<?> sent = Future.succeededFuture();
        for (List<Change> part : parts(changes.all())) {
            sent = sent.compose(_ -> send(part));
        }
        return sent;
    }

    private Future<?> send(List<Change> part) {
        Change last = part.getLast();
        ObjectNode paras = EventsDown.object();
        ArrayNode devices = paras.putArray("devices");
        part.forEach(change -> devices.add(SubDeviceShape.device(change.device())));
        paras.put("version", last.version());
        String type = isEnd(last) ? "delete_sub_device_notify" : "add_sub_device_notify";
        return down.send(connection, SERVICE, type, null, paras).onSuccess(_ -> {
            if (!named) {
                told = last.version();
            }
        });
    }

    /** Neighbours of the same kind that fit into one event. */
    private static List<List<Change>> parts(List<Change> changes) {
        List<List<Change>> parts = new ArrayList<>();
        int room = 0;
        for (Change change : changes) {
            int size = SubDeviceShape.device(change.device()).toString().length();
            room -= size;
            if (parts.isEmpty() || room < 0 || isEnd(parts.getLast().getLast()) != isEnd(change)) {
                parts.add(new ArrayList<>());
                room = MAX_CHARACTERS - size;
            }
            parts.getLast().add(change);
        }
        return parts;
    }

    private static boolean isEnd(Change change) {
        return change.device().details() == null;
    }
}
