// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one verticle instance and its clock: one sweep a second looks after all time limits, so that no
 * connection has a timer of its own. Belongs to that instance.
 */
final class Connections {
    /** All sockets, also those that have not logged in or are being closed. */
    private final Set<DeviceConnection> all = new HashSet<>();

    private final Map<DeviceId, DeviceConnection> open = new HashMap<>();
    private final Map<DeviceId, List<Opening>> opening = new HashMap<>();
    private final List<DeviceConnection> throttled = new ArrayList<>();
    private final Bus bus;
    private int seconds;

    Connections(Bus bus) {
        this.bus = bus;
    }

    void add(DeviceConnection connection) {
        all.add(connection);
    }

    void remove(DeviceConnection connection) {
        all.remove(connection);
    }

    /** Seconds that this instance has swept; stands still while its event loop does. */
    int seconds() {
        return seconds;
    }

    Optional<DeviceConnection> find(DeviceId device) {
        return Optional.ofNullable(open.get(device));
    }

    void begin(DeviceId device, Opening one) {
        opening.computeIfAbsent(device, _ -> new ArrayList<>(1)).add(one);
    }

    void end(DeviceId device, Opening one) {
        @Nullable
        List<Opening> _ = opening.computeIfPresent(device, (_, list) -> {
            list.remove(one);
            return list.isEmpty() ? null : list;
        });
    }

    /** Takes a connection in and closes an older one of the device; false when a later one is here already. */
    boolean enter(DeviceConnection connection, Session session) {
        DeviceConnection present = open.get(session.device());
        if (present != null) {
            if (present.session().epoch() >= session.epoch()) {
                return false;
            }
            present.close(Closing.TAKEN_OVER);
        }
        open.put(session.device(), connection);
        return true;
    }

    void leave(DeviceId device, DeviceConnection connection) {
        open.remove(device, connection);
    }

    /**
     * Closes a device's connection if it is not newer than asked for. One that is just being opened remembers the order and
     * follows it as soon as it knows its epoch.
     */
    Done close(CloseConnection order) {
        List<Opening> coming = List.copyOf(opening.getOrDefault(order.device(), List.of()));
        coming.forEach(one -> one.ordered(order));
        DeviceConnection present = open.get(order.device());
        if (present != null && present.session().epoch() <= order.epoch()) {
            present.close(Closing.of(order.why()));
            return Done.DONE;
        }
        if (coming.isEmpty()) {
            throw new Failed(new Failure.NotHere(order.device()));
        }
        return Done.DONE;
    }

    void sweep() {
        seconds++;
        List<DeviceConnection> resumed = List.copyOf(throttled);
        throttled.clear();
        resumed.forEach(DeviceConnection::resume);
        List<DeviceConnection> late = new ArrayList<>();
        for (DeviceConnection connection : all) {
            connection.expireBacklog(seconds);
            if (connection.isLate(seconds)) {
                late.add(connection);
            }
        }
        late.forEach(DeviceConnection::timeOut);
    }

    /** Stops reading a connection until the next second. */
    void throttle(DeviceConnection connection) {
        connection.pause();
        throttled.add(connection);
    }

    void closeAll(Closing why) {
        List.copyOf(all).forEach(connection -> connection.close(why));
    }

    /** A device that was frozen or deleted may not stay, also if it came in just then. */
    void changed(Notice.DeviceChanged notice) {
        opening.getOrDefault(notice.device(), List.of()).forEach(Opening::changed);
        find(notice.device()).ifPresent(this::recheck);
    }

    void recheck(DeviceConnection connection) {
        DeviceId device = connection.session().device();
        bus.ask(new RegistryRequest.FindLogin(device))
                .onSuccess(login -> {
                    if (login.device().frozen()) {
                        connection.close(Closing.NOT_AUTHORIZED);
                    }
                })
                .onFailure(e -> {
                    if (e instanceof Failed failed && failed.failure() instanceof Failure.DeviceNotFound) {
                        connection.close(Closing.NOT_AUTHORIZED);
                    }
                });
    }

    void changed(Notice.ProductChanged notice) {
        open.values().forEach(connection -> connection.forgetProduct(notice));
    }
}
