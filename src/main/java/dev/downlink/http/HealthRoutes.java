// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings.Role;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.AdapterRequest.FindProgress;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import dev.downlink.protocol.DeliveryRequest.ListMessages;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindKey;
import dev.downlink.protocol.SessionRows.SelectPresence;
import dev.downlink.telemetry.Readiness;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the process lives, and whether all rooms are up. Rooms are asked for things that do not exist: an answer of any
 * kind but silence shows that a room is up. Belongs to one verticle instance; one check runs at a time, however many ask.
 */
final class HealthRoutes {
    private static final DeviceId NO_DEVICE = new DeviceId("-");
    private static final ProjectId NO_PROJECT = new ProjectId("-");
    private static final int MAX_BODY = 1024;

    private final Bus bus;
    private final Readiness readiness;
    private final List<Role> roles;
    private @Nullable Future<Reply> running;

    /** @param roles the doors that have to be open */
    HealthRoutes(Bus bus, Readiness readiness, List<Role> roles) {
        this.bus = bus;
        this.readiness = readiness;
        this.roles = roles;
    }

    void mount(RouteTable routes) {
        routes.add("GET", "/health/live", new Route(Access.ALWAYS, MAX_BODY, _ -> Future.succeededFuture(live())));
        routes.add("GET", "/health/ready", new Route(Access.ALWAYS, MAX_BODY, _ -> ready()));
    }

    Reply live() {
        return up();
    }

    Future<Reply> ready() {
        if (readiness.isStopping()) {
            return Future.succeededFuture(down(Map.of("process", "is stopping")));
        }
        Future<Reply> check = running;
        if (check == null) {
            check = check();
            running = check;
            check.onComplete(_ -> running = null);
        }
        return check;
    }

    private Future<Reply> check() {
        Map<String, Future<String>> rooms = new LinkedHashMap<>();
        rooms.put("repository", complaint(bus.ask(new SelectPresence(NO_DEVICE))));
        rooms.put("registry", complaint(bus.ask(new FindKey("-"))));
        rooms.put(
                "correlator",
                complaint(
                        bus.ask(new SendCommand(NO_PROJECT, NO_DEVICE, null, null, Map.of(), Duration.ofSeconds(1)))));
        rooms.put("delivery", complaint(bus.ask(new ListMessages(NO_PROJECT, NO_DEVICE))));
        if (roles.contains(Role.MQTT)) {
            rooms.put(
                    "mqtt",
                    complaint(bus.ask(
                            Address.MQTT, new FindProgress(NO_DEVICE, 0, CallKind.COMMAND, RequestId.next(0, 0)))));
        }
        return Future.join(List.copyOf(rooms.values())).map(_ -> {
            Map<String, String> down = new TreeMap<>();
            for (Entry<String, Future<String>> room : rooms.entrySet()) {
                if (!room.getValue().result().isEmpty()) {
                    down.put(room.getKey(), room.getValue().result());
                }
            }
            return down.isEmpty() ? up() : down(down);
        });
    }

    /** Why a room is not up; empty when it is. */
    private static Future<String> complaint(Future<?> answer) {
        return answer.map(_ -> "").recover(e -> Future.succeededFuture(complaint(e)));
    }

    private static String complaint(Throwable e) {
        if (!(e instanceof Failed failed)) {
            return "failed";
        }
        return switch (failed.failure()) {
            case Failure.NobodyThere _ -> "is not there";
            case Failure.NoAnswer _ -> "does not answer";
            case Failure.StorageUnavailable _ -> "cannot reach the database";
            case Failure.Internal _ -> "failed";
            default -> "";
        };
    }

    private static Reply up() {
        return Reply.json(200, new Members().put("status", "UP").node());
    }

    private static Reply down(Map<String, String> rooms) {
        Members why = new Members();
        rooms.forEach(why::put);
        Members body = new Members().put("status", "DOWN").put("down", why.node());
        return Reply.json(503, body.node()).with("Retry-After", "1");
    }
}
