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
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
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
    /** How often, a second apart, a changed device is looked up before its connection is closed for caution. */
    private static final int MAX_CHECKS = 5;

    /** All sockets, also those that have not logged in or are being closed. */
    private final Set<DeviceConnection> all = new HashSet<>();

    private final Map<DeviceId, DeviceConnection> open = new HashMap<>();
    private final Map<DeviceId, List<Opening>> opening = new HashMap<>();
    private final List<DeviceConnection> throttled = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals();
    private final Departures departures = new Departures();
    /** Whose device could not be looked up, with the number of the next try. */
    private final Map<DeviceConnection, Integer> unchecked = new HashMap<>();

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

    /** Whether nobody else is coming in as this device. */
    boolean isAlone(DeviceId device) {
        return opening.getOrDefault(device, List.of()).size() <= 1;
    }

    /** Whether a device is only coming in. */
    boolean isArriving(DeviceId device) {
        return !opening.isEmpty() && opening.containsKey(device) && !open.containsKey(device);
    }

    /** Completes when a device that is coming in is here, or is not, or too much time has passed. */
    Future<Void> arrival(DeviceId device) {
        return arrivals.await(device, seconds);
    }

    void end(DeviceId device, Opening one) {
        @Nullable
        List<Opening> _ = opening.computeIfPresent(device, (_, list) -> {
            list.remove(one);
            return list.isEmpty() ? null : list;
        });
        if (!isArriving(device)) {
            arrivals.settle(device);
        }
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

    /** A connection of the device ended; completes as its messages are settled, or when that takes too long. */
    Future<Void> depart(DeviceId device, Future<Void> settled) {
        return departures.add(device, settled, seconds);
    }

    /** Those whose devices are in. */
    Collection<DeviceConnection> open() {
        return open.values();
    }

    /**
     * Closes a device's connection if it is not newer than asked for. One that is just being opened remembers the order and
     * follows it as soon as it knows its epoch. Answers when delivery knows what it has delivered, or that takes too long.
     */
    Future<Done> close(CloseConnection order) {
        List<Opening> coming = List.copyOf(opening.getOrDefault(order.device(), List.of()));
        coming.forEach(one -> one.ordered(order));
        DeviceConnection present = open.get(order.device());
        if (present != null && present.session().epoch() <= order.epoch()) {
            present.close(Closing.of(order.why()));
        } else if (coming.isEmpty() && !departures.has(order.device())) {
            throw new Failed(new Failure.NotHere(order.device()));
        }
        return departures.of(order.device()).map(Done.DONE);
    }

    void sweep() {
        seconds++;
        List<DeviceConnection> resumed = List.copyOf(throttled);
        throttled.clear();
        resumed.forEach(DeviceConnection::resume);
        arrivals.expire(seconds);
        departures.expire(seconds);
        Map<DeviceConnection, Integer> again = Map.copyOf(unchecked);
        unchecked.clear();
        again.forEach(this::recheck);
        List<DeviceConnection> late = new ArrayList<>();
        for (DeviceConnection connection : all) {
            connection.sweep(seconds);
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
        find(notice.device()).ifPresent(connection -> recheck(connection, 1));
    }

    private void recheck(DeviceConnection connection, int attempt) {
        DeviceId device = connection.session().device();
        bus.ask(new RegistryRequest.FindLogin(device))
                .onSuccess(login -> {
                    if (login.device().frozen()) {
                        connection.close(Closing.NOT_AUTHORIZED);
                    }
                })
                .onFailure(e -> notRechecked(connection, attempt, e));
    }

    /** Who cannot be checked for long may not stay. */
    private void notRechecked(DeviceConnection connection, int attempt, Throwable e) {
        if (e instanceof Failed failed && failed.failure() instanceof Failure.DeviceNotFound) {
            connection.close(Closing.NOT_AUTHORIZED);
        } else if (attempt >= MAX_CHECKS) {
            connection.close(Closing.ADMINISTRATIVE_ACTION);
        } else if (!connection.isClosed()) {
            unchecked.put(connection, attempt + 1);
        }
    }

    void changed(Notice.ProductChanged notice) {
        open.values().forEach(connection -> connection.session().forget(notice));
    }
}
