// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.NodeName;
import dev.downlink.model.Presence;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subscription;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest;
import dev.downlink.protocol.DeviceRequest.LearnFingerprint;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.SessionRows;
import dev.downlink.protocol.SubDeviceRequest;
import dev.downlink.protocol.UplinkRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Registry, repository and correlator as far as this room meets them. */
final class Neighbours {
    static final Secret SECRET = new Secret("mysecret-123");
    static final ProjectId PROJECT = new ProjectId("project");
    static final AuthInfo BY_SECRET = new AuthInfo(AuthInfo.Type.SECRET, SECRET, null, null, null, false, 0);
    static final AuthInfo BY_CERTIFICATE = new AuthInfo(AuthInfo.Type.CERTIFICATES, null, null, null, null, false, 0);

    final Map<DeviceId, Device> devices = new ConcurrentHashMap<>();
    final Map<DeviceId, Presence.Holder> holders = new ConcurrentHashMap<>();
    final Map<DeviceId, Long> epochs = new ConcurrentHashMap<>();
    final Map<DeviceId, List<Subscription>> kept = new ConcurrentHashMap<>();
    final BlockingQueue<SessionRows.CloseSession> closed = new LinkedBlockingQueue<>();
    final BlockingQueue<SessionRows.OpenSession> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<Notice.AnswerArrived> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<UplinkRequest<?>> uplinks = new LinkedBlockingQueue<>();
    /** What the uplink room answers. */
    volatile Function<UplinkRequest<?>, Future<Done>> uplink = _ -> Future.succeededFuture(Done.DONE);

    /** What the registry says to gateways. */
    volatile Function<SubDeviceRequest<?>, Answer<?>> subDevices = q -> {
        throw new IllegalArgumentException(q.toString());
    };

    volatile boolean databaseAway;
    volatile boolean registryAway;
    /** When set, sessions are opened, but who asked gets no answer. */
    volatile boolean answersLost;

    final AtomicInteger lookups = new AtomicInteger();
    /** When set, sessions are opened only after it is completed. */
    volatile Promise<Void> hold;

    private volatile List<CustomTopic> topics = List.of();

    final MessageTable messages = new MessageTable();

    Neighbours(Bus bus) {
        bus.answer(Address.DELIVERY, DeliveryRequest.class, 1_000_000, messages::answer)
                .await();
        bus.answer(Address.UPLINK, UplinkRequest.class, 1_000_000, this::uplink).await();
        bus.answer(Address.REGISTRY, RegistryRequest.class, 1_000_000, this::registry)
                .await();
        bus.answer(Address.REPOSITORY, RepositoryRequest.class, 1_000_000, this::repository)
                .await();
    }

    void device(String id, AuthInfo auth) {
        device(id, auth, null, false);
    }

    void device(String id, AuthInfo auth, String parent, boolean frozen) {
        DeviceId deviceId = new DeviceId(id);
        Device device = new Device(
                RecordId.next(Instant.EPOCH),
                PROJECT,
                new SpaceId("space"),
                new ProductId("product"),
                deviceId,
                new NodeName("node"),
                parent == null ? null : new DeviceId(parent),
                null,
                null,
                auth,
                null,
                frozen,
                Instant.EPOCH,
                1);
        devices.put(deviceId, device);
    }

    void topics(CustomTopic... all) {
        topics = List.of(all);
    }

    private Product product() {
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
                List.of(),
                topics,
                null,
                Instant.EPOCH,
                1);
    }

    private Answer<?> registry(RegistryRequest<?> request) {
        lookups.incrementAndGet();
        if (registryAway) {
            throw new Failed(new Failure.StorageUnavailable());
        }
        return switch (request) {
            case RegistryRequest.FindRelative q -> Answer.to(q, relative(q));
            case SubDeviceRequest<?> q -> subDevices.apply(q);
            case RegistryRequest.FindLogin q -> Answer.to(q, login(q.device()));
            case LearnFingerprint q -> Answer.to(q, learn(q));
            default -> throw new IllegalArgumentException(request.toString());
        };
    }

    private RegistryRequest.Target relative(RegistryRequest.FindRelative q) {
        Device device = devices.get(q.device());
        if (device == null
                || !(q.device().equals(q.connection()) || q.connection().equals(device.parent()))) {
            throw new Failed(new Failure.DeviceNotFound(q.device()));
        }
        return new RegistryRequest.Target(device, product(), q.connection(), false);
    }

    private Answer<?> uplink(UplinkRequest<?> request) {
        uplinks.add(request);
        Future<Done> answer = uplink.apply(request);
        return switch (request) {
            case UplinkRequest.ReportProperties q -> Answer.to(q, answer);
            case UplinkRequest.ReportMessage q -> Answer.to(q, answer);
            case UplinkRequest.ReportEvent q -> Answer.to(q, answer);
        };
    }

    private RegistryRequest.Login login(DeviceId id) {
        Device device = devices.get(id);
        if (device == null) {
            throw new Failed(new Failure.DeviceNotFound(id));
        }
        return new RegistryRequest.Login(device, product());
    }

    private Done learn(LearnFingerprint q) {
        devices.computeIfPresent(
                q.id(),
                (_, d) -> d.auth().fingerprint() == null
                        ? d.withAuth(d.auth().withFingerprint(AuthInfo.Slot.PRIMARY, q.fingerprint()))
                        : d);
        return Done.DONE;
    }

    private Answer<?> repository(RepositoryRequest<?> request) {
        if (databaseAway) {
            throw new Failed(new Failure.StorageUnavailable());
        }
        return switch (request) {
            case SessionRows.OpenSession q -> Answer.to(q, open(q));
            case SessionRows.SelectPresence q ->
                Answer.to(
                        q,
                        new SessionRows.Whereabouts(
                                new Presence(q.device(), holders.get(q.device()), Instant.EPOCH, Instant.EPOCH)));
            case SessionRows.CloseSession q -> {
                closed.add(q);
                yield Answer.to(q, Done.DONE);
            }
            case SessionRows.SaveSubscriptions q -> {
                kept.put(q.device(), q.subscriptions());
                yield Answer.to(q, Done.DONE);
            }
            default -> throw new IllegalArgumentException(request.toString());
        };
    }

    private Future<SessionRows.Opened> open(SessionRows.OpenSession q) {
        long epoch = epochs.merge(q.device(), 1L, Long::sum);
        Presence.Holder before = holders.put(q.device(), new Presence.Holder(q.address(), epoch));
        List<Subscription> left = q.cleanStart() ? null : kept.get(q.device());
        opened.add(q);
        if (answersLost) {
            throw new Failed(new Failure.NoAnswer("repository", "OpenSession"));
        }
        SessionRows.Opened answer =
                new SessionRows.Opened(epoch, before, left == null ? List.of() : left, left != null);
        return hold == null ? Future.succeededFuture(answer) : hold.future().map(answer);
    }
}
