// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.DataType;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.Para;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.Shadow;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.ShadowRows.ChangeDesired;
import dev.downlink.protocol.ShadowRows.DeleteShadowRows;
import dev.downlink.protocol.ShadowRows.Difference;
import dev.downlink.protocol.ShadowRows.Differences;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.protocol.ShadowRows.Merged;
import dev.downlink.protocol.ShadowRows.SelectDifferences;
import dev.downlink.protocol.ShadowRows.SelectShadow;
import dev.downlink.protocol.ShadowRows.ShadowFound;
import dev.downlink.support.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Registry, repository and correlator as this room sees them. What they are asked is kept, in order. */
final class Neighbours {
    static final ProjectId PROJECT = new ProjectId("project");
    static final DeviceId CHILD = new DeviceId("child");

    final List<Object> asked = new CopyOnWriteArrayList<>();
    final BlockingQueue<SetProperties> pushed = new LinkedBlockingQueue<>();
    volatile boolean databaseAway;
    /** When set, rows are written only when it is completed. */
    volatile @Nullable Promise<Void> hold;

    volatile @Nullable Json difference;
    volatile Failure changeFails;
    volatile long version;
    volatile List<Difference> differences = List.of();
    volatile Function<SetProperties, Future<Json>> device =
            _ -> Future.succeededFuture(new Json("{\"result_code\":0}"));

    Neighbours(Bus bus) {
        Outcome.of(bus.answer(Address.REGISTRY, RegistryRequest.class, 1000, this::registry));
        Outcome.of(bus.answer(Address.REPOSITORY, RepositoryRequest.class, 1000, q -> {
            asked.add(q);
            if (databaseAway) {
                throw new Failed(new Failure.StorageUnavailable());
            }
            return repository(q);
        }));
        Outcome.of(bus.answer(Address.CORRELATOR, CorrelatorRequest.class, 1000, q -> {
            SetProperties set = (SetProperties) q;
            pushed.add(set);
            return Answer.to(set, device.apply(set).map(json -> new Answered(RequestId.next(1, 1), json)));
        }));
    }

    <T> List<T> asked(Class<T> type) {
        return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private Answer<?> registry(RegistryRequest<?> request) {
        return switch (request) {
            case RegistryRequest.FindLogin q -> Answer.to(q, new RegistryRequest.Login(device(q.device()), product()));
            case RegistryRequest.FindTarget q -> Answer.to(q, target(q.device()));
            case RegistryRequest.FindRelative q ->
                Answer.to(
                        q,
                        q.device().equals(q.connection()) || q.device().equals(CHILD)
                                ? Future.succeededFuture(target(q.device()))
                                : Future.failedFuture(new Failed(new Failure.DeviceNotFound(q.device()))));
            default -> throw new AssertionError(request);
        };
    }

    private static RegistryRequest.Target target(DeviceId device) {
        return new RegistryRequest.Target(device(device), product(), device, false);
    }

    private Answer<?> repository(RepositoryRequest<?> request) {
        return switch (request) {
            case MergeReported q -> {
                Promise<Void> held = hold;
                Future<Void> when = held == null ? Future.succeededFuture() : held.future();
                yield Answer.to(q, when.map(_ -> new Merged(difference)));
            }
            case ChangeDesired q ->
                Answer.to(
                        q,
                        changeFails == null
                                ? Future.succeededFuture(Done.DONE)
                                : Future.failedFuture(new Failed(changeFails)));
            case SelectShadow q -> Answer.to(q, found(q.device()));
            case SelectDifferences q ->
                Answer.to(q, new Differences(q.after() == null ? differences : List.of(), false));
            case DeleteShadowRows q -> Answer.to(q, Done.DONE);
            default -> throw new AssertionError(request);
        };
    }

    private ShadowFound found(DeviceId device) {
        Shadow.Part desired = new Shadow.Part(new Json("{\"level\": 1}"), Instant.EPOCH);
        Json wanted = difference;
        return new ShadowFound(
                new Shadow(
                        device,
                        List.of(
                                new Shadow.Service("Meter", desired, null, version),
                                new Shadow.Service("Other", desired, null, 1))),
                wanted == null ? List.of() : List.of(new Difference(device, "Meter", wanted)));
    }

    private static Device device(DeviceId id) {
        return new Device(
                RecordId.next(Instant.EPOCH),
                PROJECT,
                new SpaceId("space"),
                new ProductId("product"),
                id,
                new NodeName("node"),
                null,
                null,
                null,
                new AuthInfo(AuthInfo.Type.CERTIFICATES, null, null, null, null, false, 0),
                null,
                false,
                Instant.EPOCH,
                1);
    }

    /** The service Meter with the writable level and the read-only reading. */
    private static Product product() {
        return new Product(
                RecordId.next(Instant.EPOCH),
                PROJECT,
                new SpaceId("space"),
                new ProductId("product"),
                "name",
                "type",
                "MQTT",
                "json",
                null,
                null,
                null,
                List.of(new ServiceModel(
                        "Meter",
                        "Meter",
                        List.of(property("level", "RW"), property("reading", "R")),
                        List.of(),
                        List.of(),
                        null,
                        null)),
                List.of(),
                null,
                Instant.EPOCH,
                1);
    }

    private static ServiceModel.Property property(String name, String method) {
        Para value = new Para(name, DataType.DECIMAL, false, List.of(), "0", "100", null, null, null, null);
        return new ServiceModel.Property(value, method, null);
    }
}
