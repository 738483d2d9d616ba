// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.DataType;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.NodeName;
import dev.downlink.model.Para;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.OutboxRows.OfferEvent;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RegistryRequest.FindInterest;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.Interest;
import dev.downlink.protocol.RegistryRequest.Target;
import dev.downlink.protocol.ShadowRequest;
import dev.downlink.protocol.UplinkRequest;
import dev.downlink.support.Outcome;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The room on a real Vert.x, with a gateway that has a child, and a device that is none of theirs. */
final class Room implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final ProjectId PROJECT = new ProjectId("project");
    static final SpaceId SPACE = new SpaceId("space");
    static final DeviceId GATEWAY = new DeviceId("gateway");
    static final DeviceId CHILD = new DeviceId("child");
    static final DeviceId STRANGER = new DeviceId("stranger");
    private static final Map<DeviceId, DeviceId> CONNECTIONS =
            Map.of(GATEWAY, GATEWAY, CHILD, GATEWAY, STRANGER, STRANGER);

    final Vertx vertx = Vertx.vertx();
    final Bus bus = Bus.of(vertx);
    /** What rules ask for. */
    final Set<Subject> asked = ConcurrentHashMap.newKeySet();
    /** Devices that are found only later. */
    final Map<DeviceId, Future<Void>> slow = new ConcurrentHashMap<>();

    final List<OfferEvent> offered = new CopyOnWriteArrayList<>();
    final List<DeviceReport> shadow = new CopyOnWriteArrayList<>();
    volatile Future<Done> commit = Future.succeededFuture(Done.DONE);
    volatile Future<Done> shadowAnswer = Future.succeededFuture(Done.DONE);
    volatile boolean registryAway;

    Room() {
        Outcome.of(Future.all(
                bus.answer(Address.REGISTRY, RegistryRequest.class, 10_000, this::registry),
                bus.answer(Address.REPOSITORY, OfferEvent.class, 10_000, this::offer),
                bus.answer(Address.SHADOW, ShadowRequest.ReportProperties.class, 10_000, this::report)));
        Outcome.of(vertx.deployVerticle(new UplinkVerticle(() -> NOW)));
    }

    Future<Done> ask(UplinkRequest<Done> request) {
        return bus.ask(request);
    }

    double leftOut(String what) {
        String series = "downlink_uplink_left_out_total{what=\"" + what + "\"} ";
        return Telemetry.of(vertx)
                .scrape()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private Answer<?> registry(RegistryRequest<?> request) {
        return switch (request) {
            case FindRelative q -> Answer.to(q, find(q));
            case FindInterest q -> Answer.to(q, new Interest(asked.contains(q.subject())));
            default -> throw new IllegalArgumentException(request.toString());
        };
    }

    private Future<Target> find(FindRelative q) {
        if (registryAway) {
            throw new Failed(new Failure.StorageUnavailable());
        }
        if (!q.connection().equals(CONNECTIONS.get(q.device()))) {
            throw new Failed(new Failure.DeviceNotFound(q.device()));
        }
        return slow.getOrDefault(q.device(), Future.succeededFuture()).map(_ -> target(q));
    }

    private static Target target(FindRelative q) {
        DeviceId parent = q.device().equals(q.connection()) ? null : q.connection();
        AuthInfo auth = new AuthInfo(AuthInfo.Type.SECRET, null, null, null, null, false, 0);
        Device device = new Device(
                RecordId.next(NOW),
                PROJECT,
                SPACE,
                new ProductId("meter"),
                q.device(),
                new NodeName("node"),
                parent,
                null,
                null,
                auth,
                null,
                false,
                NOW,
                1);
        return new Target(device, product(), q.connection(), false);
    }

    private static Product product() {
        List<ServiceModel.Property> properties = List.of(
                new ServiceModel.Property(para("level", DataType.INT), "RE", null),
                new ServiceModel.Property(para("unit", DataType.STRING), "RW", null));
        ServiceModel service = new ServiceModel("Water", "Water", properties, List.of(), List.of(), null, null);
        return new Product(
                RecordId.next(NOW),
                PROJECT,
                SPACE,
                new ProductId("meter"),
                "name",
                "type",
                "MQTT",
                "json",
                null,
                null,
                null,
                List.of(service),
                List.of(),
                null,
                NOW,
                1);
    }

    private static Para para(String name, DataType type) {
        return new Para(name, type, true, List.of(), null, "9", null, null, null, null);
    }

    private Answer<?> offer(OfferEvent q) {
        offered.add(q);
        return Answer.to(q, commit);
    }

    private Answer<?> report(ShadowRequest.ReportProperties q) {
        shadow.addAll(q.reports());
        return Answer.to(q, shadowAnswer);
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }
}
