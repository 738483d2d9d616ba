// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.auth.Vault;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.correlator.CorrelatorVerticle;
import dev.downlink.delivery.DeliveryVerticle;
import dev.downlink.http.HttpVerticle;
import dev.downlink.http.ManagementVerticle;
import dev.downlink.mqtt.MqttVerticle;
import dev.downlink.push.PushVerticle;
import dev.downlink.registry.RegistryVerticle;
import dev.downlink.repository.RepositoryVerticle;
import dev.downlink.shadow.ShadowVerticle;
import dev.downlink.telemetry.EventLoopLag;
import dev.downlink.uplink.UplinkVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployment table: which rooms a process has, how many instances of each, and in which order they come up. They go
 * down the other way round: first the doors take no new work, at last the database is let go.
 *
 * <p>A room with an instance on every event loop gets exactly one on each, since Vert.x hands loops out in turn. So what
 * one instance asks of the next room stays on its own loop. Used by one thread.
 */
public final class Rooms {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rooms.class);

    private final Vertx vertx;
    private final List<Room> table;
    private final Deque<Open> open = new ArrayDeque<>();

    private record Room(String name, int instances, Supplier<? extends VerticleBase> verticle) {}

    private record Open(String name, String deployment) {}

    private Rooms(Vertx vertx, List<Room> table) {
        this.vertx = vertx;
        this.table = table;
    }

    /** All rooms of a gateway, with the doors that its roles ask for. */
    static Rooms all(Vertx vertx, Settings settings, Vault vault, NodeIdentity node, Ports ports) {
        int loops = Platform.loops();
        List<Room> table = new ArrayList<>();
        table.add(new Room("management", 1, () -> new ManagementVerticle(settings, ports)));
        table.add(new Room("event loops", loops, EventLoopLag::new));
        table.add(new Room("repository", 1, () -> new RepositoryVerticle(settings, vault)));
        table.add(new Room("registry", loops, () -> new RegistryVerticle(settings, node)));
        table.add(new Room("push", loops, PushVerticle.instances(settings, node, ports)));
        table.add(new Room("delivery", loops, DeliveryVerticle.instances(settings, node)));
        table.add(new Room("shadow", loops, () -> new ShadowVerticle(settings)));
        table.add(new Room("uplink", loops, UplinkVerticle::new));
        if (settings.roles().contains(Settings.Role.MQTT)) {
            table.add(new Room("mqtt", loops, MqttVerticle.instances(settings, node, ports)));
        }
        table.add(new Room("correlator", loops, CorrelatorVerticle.instances(settings, node)));
        if (settings.roles().contains(Settings.Role.HTTP)) {
            byte[] tokenKey = vault.derive("token");
            table.add(
                    new Room("http", loops, () -> new HttpVerticle(settings, ports, tokenKey, InstantSource.system())));
        }
        return new Rooms(vertx, table);
    }

    /** What a command needs to read and change projects, users and keys. */
    public static Rooms ofAccounts(Vertx vertx, Settings settings, Vault vault, NodeIdentity node) {
        return new Rooms(
                vertx,
                List.of(
                        new Room("repository", 1, () -> new RepositoryVerticle(settings, vault)),
                        new Room("registry", 1, () -> RegistryVerticle.withoutUpkeep(settings, node))));
    }

    /** Opens one room after the other. Fails with what kept one from opening; the others then stay open. */
    public Future<Void> open() {
        Future<Void> opened = Future.succeededFuture();
        for (Room room : table) {
            opened = opened.compose(_ -> open(room));
        }
        return opened;
    }

    /** Closes one room after the other, the last opened first, whatever happens to each. */
    public Future<Void> close() {
        Future<Void> closed = Future.succeededFuture();
        while (!open.isEmpty()) {
            Open room = open.pop();
            closed = closed.transform(_ -> close(room));
        }
        return closed;
    }

    private Future<Void> open(Room room) {
        DeploymentOptions options = new DeploymentOptions()
                .setThreadingModel(ThreadingModel.EVENT_LOOP)
                .setInstances(room.instances());
        return vertx.deployVerticle(room.verticle(), options)
                .onSuccess(id -> open.push(new Open(room.name(), id)))
                .mapEmpty();
    }

    private Future<Void> close(Open room) {
        return vertx.undeploy(room.deployment())
                .onSuccess(_ -> LOGGER.debug("closed {}", room.name()))
                .otherwise(e -> {
                    LOGGER.warn("cannot close {} error={}", room.name(), e.toString());
                    return null;
                });
    }
}
