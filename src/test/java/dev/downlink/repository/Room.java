// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.auth.Vault;
import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.AccessKey;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.DataType;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.Para;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.Request;
import dev.downlink.support.TestSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The room on a real Vert.x and a real database, with things to put into it. */
final class Room implements AutoCloseable {
    static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");
    static final ProjectId PROJECT = new ProjectId("p1");
    static final SpaceId SPACE = new SpaceId("s1");

    final Vertx vertx = Vertx.vertx();
    final Bus bus = Bus.of(vertx);

    private Room() {}

    static Room on(Secret uri) {
        return on(settings(uri));
    }

    static Room on(Secret uri, Duration debounce) {
        return on(settings(uri, debounce));
    }

    private static Room on(Settings settings) {
        Room room = new Room();
        room.await(room.vertx.deployVerticle(new RepositoryVerticle(settings, vault(1))));
        return room;
    }

    /** With a project, a space and a product. */
    static Room furnished(Secret uri) {
        Room room = on(uri);
        room.ask(new AccountRows.InsertProject(
                new Project(PROJECT, "one", NOW), new Space(PROJECT, SPACE, "default", true, NOW)));
        room.ask(new ProductRows.InsertProduct(product("meter"), 100));
        return room;
    }

    static Vault vault(int seed) {
        byte[] key = new byte[Vault.KEY_BYTES];
        key[0] = (byte) seed;
        return new Vault(key);
    }

    static Settings settings(Secret uri) {
        return settings(uri, Duration.ZERO);
    }

    private static Settings settings(Secret uri, Duration debounce) {
        return TestSettings.of(
                "DATABASE_URI",
                uri.value(),
                "DATABASE_POOL_SIZE",
                "4",
                "DATABASE_BATCH_SIZE",
                "64",
                "DATABASE_STATEMENT_TIMEOUT",
                "3s",
                "STATUS_DEBOUNCE",
                debounce.toMillis() + "ms");
    }

    @CanIgnoreReturnValue
    <R extends Record> R ask(Request<R> request) {
        return await(bus.ask(request));
    }

    Failure failure(Request<?> request) {
        return await(
                bus.ask(request).map(r -> (Failure) null).recover(e -> Future.succeededFuture(((Failed) e).failure())));
    }

    @CanIgnoreReturnValue
    <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    static Product product(String id) {
        Para level = new Para("level", DataType.INT, true, List.of(), "1", "9", null, 0.5, "m", "how high");
        ServiceModel service = new ServiceModel(
                "Water",
                "Water",
                List.of(new ServiceModel.Property(level, "RW", new Json("3"))),
                List.of(new ServiceModel.Command(
                        "open", List.of(level), List.of(new ServiceModel.Response("r", List.of(level))))),
                List.of(new ServiceModel.Event("e", List.of(level))),
                "d",
                "Optional");
        return new Product(
                RecordId.next(NOW),
                PROJECT,
                SPACE,
                new ProductId(id),
                "name-" + id,
                "Meter",
                "MQTT",
                "json",
                "maker",
                "water",
                "about",
                List.of(service),
                List.of(new CustomTopic("a/b", CustomTopic.Operation.ALL, "t")),
                null,
                NOW,
                0);
    }

    static Device device(String id) {
        return device(id, null, 0);
    }

    static Device device(String id, @Nullable String parent, int timeout) {
        AuthInfo auth = new AuthInfo(
                AuthInfo.Type.SECRET, new Secret("secret-of-" + id), null, null, "ab".repeat(20), true, timeout);
        return new Device(
                RecordId.next(NOW),
                PROJECT,
                SPACE,
                new ProductId("meter"),
                new DeviceId(id),
                new NodeName("node-" + id),
                parent == null ? null : new DeviceId(parent),
                "name-" + id,
                "about",
                auth,
                new Json("{\"a\":1}"),
                false,
                NOW,
                0);
    }

    @CanIgnoreReturnValue
    Device insert(Device device) {
        ask(new DeviceRows.InsertDevice(device, List.of()));
        return device;
    }

    static AccessKey key(String id) {
        return new AccessKey(id, new Secret("secret-of-" + id), PROJECT, NOW);
    }
}
