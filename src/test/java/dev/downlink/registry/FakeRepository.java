// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.AccessKey;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.Presence;
import dev.downlink.model.Product;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.model.User;
import dev.downlink.model.Versions;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.BacklogRows;
import dev.downlink.protocol.DeadLetterRows;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.GroupRows;
import dev.downlink.protocol.MessageRows;
import dev.downlink.protocol.OutboxRows;
import dev.downlink.protocol.PolicyRows;
import dev.downlink.protocol.ProductRequest;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.PushRows;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.RuleRows;
import dev.downlink.protocol.SearchRows;
import dev.downlink.protocol.SessionRows;
import dev.downlink.protocol.ShadowRows;
import dev.downlink.protocol.SpaceRows;
import dev.downlink.protocol.SubDeviceRequest;
import dev.downlink.protocol.SubDeviceRows;
import dev.downlink.protocol.TagRows;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The repository's side of the bus, in memory. Counts what it is asked; a test may answer one type of request itself. Tests
 * fill the lists before they ask, and read them afterwards.
 */
final class FakeRepository {
    final List<Project> projects = new CopyOnWriteArrayList<>();
    final List<Space> spaces = new CopyOnWriteArrayList<>();
    final List<Product> products = new CopyOnWriteArrayList<>();
    final List<Device> devices = new CopyOnWriteArrayList<>();
    final List<User> users = new CopyOnWriteArrayList<>();
    final List<AccessKey> keys = new CopyOnWriteArrayList<>();
    final Map<DeviceId, Presence> presences = new ConcurrentHashMap<>();
    final Map<DeviceId, List<DeviceRequest.Desired>> shadows = new ConcurrentHashMap<>();
    final Map<ProjectId, Set<OutboxRows.Interest>> interests = new ConcurrentHashMap<>();
    final Queue<RepositoryRequest<?>> asked = new ConcurrentLinkedQueue<>();
    private final Map<Class<?>, Function<RepositoryRequest<?>, @Nullable Future<?>>> overrides =
            new ConcurrentHashMap<>();

    Future<Void> listen(Bus bus) {
        return bus.answer(Address.REPOSITORY, RepositoryRequest.class, 1000, this::receive);
    }

    /** Answers a type of request differently; null leaves it to the tables. */
    <Q extends RepositoryRequest<?>> void on(Class<Q> type, Function<Q, @Nullable Future<?>> answer) {
        overrides.put(type, q -> answer.apply(type.cast(q)));
    }

    <Q extends RepositoryRequest<?>> List<Q> asked(Class<Q> type) {
        return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private Answer<?> receive(RepositoryRequest<?> request) {
        asked.add(request);
        var override = overrides.get(request.getClass());
        Future<?> other = override == null ? null : override.apply(request);
        return other == null ? answer(request) : new Answer<>(other.map(Record.class::cast));
    }

    private Answer<?> answer(RepositoryRequest<?> request) {
        return switch (request) {
            case ProductRows<?> q -> product(q);
            case DeviceRows<?> q -> device(q);
            case SpaceRows<?> q -> space(q);
            case AccountRows<?> q -> account(q);
            case SessionRows<?> q -> session(q);
            case MessageRows<?> q -> throw new AssertionError(q);
            case OutboxRows.SelectInterests q ->
                Answer.to(q, new OutboxRows.Interests(interests.getOrDefault(q.project(), Set.of())));
            case OutboxRows.OfferEvent q -> throw new AssertionError(q);
            case ShadowRows<?> q -> throw new AssertionError(q);
            case TagRows<?> q -> throw new AssertionError(q);
            case GroupRows<?> q -> throw new AssertionError(q);
            case SearchRows<?> q -> throw new AssertionError(q);
            case RuleRows<?> q -> throw new AssertionError(q);
            case PolicyRows<?> q -> throw new AssertionError(q);
            case PushRows<?> q -> throw new AssertionError(q);
            case BacklogRows<?> q -> throw new AssertionError(q);
            case DeadLetterRows<?> q -> throw new AssertionError(q);
            case SubDeviceRows<?> q -> subDevice(q);
        };
    }

    private Answer<?> product(ProductRows<?> request) {
        return switch (request) {
            case ProductRows.InsertProduct q -> {
                refuseIf(
                        products.stream().anyMatch(p -> same(p, q.product())),
                        () -> new Failure.AlreadyExists(
                                "product", q.product().id().value()));
                products.add(q.product());
                yield Answer.to(q, Done.DONE);
            }
            case ProductRows.SelectProducts q ->
                Answer.to(
                        q,
                        new ProductRows.Products(products.stream()
                                .filter(p -> p.project().equals(q.project()) && p.id().equals(q.id()))
                                .map(this::view)
                                .toList()));
            case ProductRows.UpdateProductRow q -> {
                Product old = products.stream()
                        .filter(p -> same(p, q.product()))
                        .findFirst()
                        .orElseThrow();
                refuseIf(
                        old.version() != q.product().version(),
                        () -> new Failure.Conflict("product", old.id().value()));
                products.set(products.indexOf(old), q.product().withVersion(old.version() + 1));
                yield Answer.to(q, Done.DONE);
            }
            case ProductRows.DeleteProductRow q -> {
                refuseIf(
                        devices.stream().anyMatch(d -> d.product().equals(q.id())),
                        () -> new Failure.InUse("product", q.id().value(), "devices"));
                products.removeIf(p -> p.recordId().equals(q.recordId()));
                yield Answer.to(q, Done.DONE);
            }
            case ProductRows.ListProducts q -> Answer.to(q, new ProductRows.ProductPage(List.of(), 0));
        };
    }

    private static boolean same(Product one, Product other) {
        return one.project().equals(other.project())
                && one.space().equals(other.space())
                && one.id().equals(other.id());
    }

    private ProductRequest.ProductView view(Product product) {
        return new ProductRequest.ProductView(product, spaceName(product));
    }

    private String spaceName(Product product) {
        return spaces.stream()
                .filter(s -> s.id().equals(product.space()))
                .findFirst()
                .orElseThrow()
                .name();
    }

    private Answer<?> device(DeviceRows<?> request) {
        return switch (request) {
            case DeviceRows.InsertDevice q -> {
                refuseIf(
                        devices.stream().anyMatch(d -> d.id().equals(q.device().id())),
                        () -> new Failure.DeviceExists(q.device().id()));
                devices.add(q.device());
                shadows.put(q.device().id(), q.shadow());
                yield Answer.to(q, Done.DONE);
            }
            case DeviceRows.SelectDevice q -> {
                Device device = find(q.id());
                yield Answer.to(q, new DeviceRows.DeviceWithProduct(device, productOf(device)));
            }
            case DeviceRows.SelectDeviceView q -> {
                Device device = find(q.id());
                Product product = productOf(device);
                yield Answer.to(
                        q,
                        new DeviceRequest.DeviceView(
                                device,
                                product.name(),
                                spaceName(product),
                                presences.get(device.id()),
                                DeviceStatus.INACTIVE,
                                List.of(),
                                Versions.UNKNOWN,
                                null));
            }
            case DeviceRows.UpdateDeviceRow q -> {
                Device old = find(q.device().id());
                refuseIf(
                        old.version() != q.device().version(),
                        () -> new Failure.Conflict("device", old.id().value()));
                devices.set(devices.indexOf(old), Samples.next(q.device()));
                yield Answer.to(q, Done.DONE);
            }
            case DeviceRows.DeleteDeviceRow q -> {
                refuseIf(children(q.id()) > 0, () -> new Failure.InUse("device", q.id().value(), "sub-devices"));
                devices.remove(find(q.id()));
                yield Answer.to(q, Done.DONE);
            }
            case DeviceRows.CountChildren q -> Answer.to(q, new DeviceRows.Count(children(q.gateway())));
            case DeviceRows.DeleteUnused q -> Answer.to(q, new DeviceRows.Deleted(List.of()));
            case DeviceRows.ListDevices q -> Answer.to(q, new DeviceRows.DevicePage(List.of(), 0));
        };
    }

    private Answer<?> subDevice(SubDeviceRows<?> request) {
        return switch (request) {
            case SubDeviceRows.UpsertVersions q -> Answer.to(q, Done.DONE);
            case SubDeviceRows.UpsertChildStatus q -> Answer.to(q, Done.DONE);
            case SubDeviceRows.SelectChanges q -> Answer.to(q, new SubDeviceRequest.Changes(List.of(), false));
            case SubDeviceRows.MoveDevice q ->
                Answer.to(
                        q,
                        new SubDeviceRows.Moved(
                                top(q.device()), top(find(q.gateway().id()))));
            case SubDeviceRows.CollectStragglers q -> Answer.to(q, new SubDeviceRows.Collected(List.of(), false));
        };
    }

    private DeviceId top(Device device) {
        return device.parent() == null ? device.id() : top(find(device.parent()));
    }

    private Device find(DeviceId id) {
        return devices.stream()
                .filter(d -> d.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Failed(new Failure.DeviceNotFound(id)));
    }

    private Product productOf(Device device) {
        return products.stream()
                .filter(p -> p.project().equals(device.project())
                        && p.space().equals(device.space())
                        && p.id().equals(device.product()))
                .findFirst()
                .orElseThrow();
    }

    private long children(DeviceId gateway) {
        return devices.stream().filter(d -> gateway.equals(d.parent())).count();
    }

    private Answer<?> space(SpaceRows<?> request) {
        return switch (request) {
            case SpaceRows.InsertSpace q -> {
                refuseIf(
                        spaces.size() >= q.maxPerProject(),
                        () -> new Failure.LimitReached("spaces", q.maxPerProject()));
                spaces.add(q.space());
                yield Answer.to(q, Done.DONE);
            }
            case SpaceRows.ListSpaces q ->
                Answer.to(
                        q,
                        new SpaceRows.Spaces(spaces.stream()
                                .filter(s -> s.project().equals(q.project()))
                                .filter(s -> q.isDefault() == null || q.isDefault() == s.isDefault())
                                .toList()));
            case SpaceRows.UpdateSpaceName q -> {
                spaces.replaceAll(s -> s.id().equals(q.id())
                        ? new Space(s.project(), s.id(), q.name(), s.isDefault(), s.created())
                        : s);
                yield Answer.to(q, Done.DONE);
            }
            case SpaceRows.DeleteSpaceRow q -> {
                refuseIf(
                        products.stream().anyMatch(p -> p.space().equals(q.id())),
                        () -> new Failure.InUse("space", q.id().value(), "products"));
                spaces.removeIf(s -> s.id().equals(q.id()));
                yield Answer.to(q, Done.DONE);
            }
        };
    }

    private Answer<?> account(AccountRows<?> request) {
        return switch (request) {
            case AccountRows.InsertProject q -> {
                projects.add(q.project());
                spaces.add(q.defaultSpace());
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.SelectProject q ->
                Answer.to(
                        q,
                        projects.stream()
                                .filter(p -> p.id().value().equals(q.idOrName())
                                        || p.name().equals(q.idOrName()))
                                .findFirst()
                                .map(AccountRequest.ProjectView::new)
                                .orElseThrow(() -> new Failed(new Failure.NotFound("project", q.idOrName()))));
            case AccountRows.SelectProjects q -> Answer.to(q, new AccountRequest.Projects(List.copyOf(projects)));
            case AccountRows.DeleteProjectRow q -> {
                projects.removeIf(p -> p.id().equals(q.id()));
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.InsertUser q -> {
                users.add(q.user());
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.SelectUser q -> Answer.to(q, new RegistryRequest.Account(user(q.domain(), q.name())));
            case AccountRows.SelectUsers q -> Answer.to(q, new RegistryRequest.Accounts(List.copyOf(users)));
            case AccountRows.UpdatePassword q -> {
                User old = user(q.domain(), q.name());
                users.set(
                        users.indexOf(old),
                        new User(old.domain(), old.name(), q.passwordHash(), old.passwordSince(), old.projects()));
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.InsertGrant q -> {
                User old = user(q.domain(), q.name());
                List<Project> granted = new ArrayList<>(old.projects());
                projects.stream().filter(p -> p.id().equals(q.project())).forEach(granted::add);
                users.set(users.indexOf(old), Samples.withProjects(old, granted));
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.DeleteGrant q -> {
                User old = user(q.domain(), q.name());
                List<Project> left = new ArrayList<>(old.projects());
                left.removeIf(p -> p.id().equals(q.project()));
                users.set(users.indexOf(old), Samples.withProjects(old, left));
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.DeleteUserRow q -> {
                users.remove(user(q.domain(), q.name()));
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.InsertKey q -> {
                keys.add(q.key());
                yield Answer.to(q, Done.DONE);
            }
            case AccountRows.SelectKey q ->
                Answer.to(
                        q,
                        keys.stream()
                                .filter(k -> k.id().equals(q.id()))
                                .findFirst()
                                .map(k -> new RegistryRequest.KeyOwner(k, Samples.PROJECT))
                                .orElseThrow(() -> new Failed(new Failure.NotFound("access key", q.id()))));
            case AccountRows.SelectKeys q -> Answer.to(q, new AccountRequest.Keys(List.copyOf(keys)));
            case AccountRows.DeleteKeyRow q -> {
                keys.removeIf(k -> k.id().equals(q.id()));
                yield Answer.to(q, Done.DONE);
            }
        };
    }

    private User user(String domain, String name) {
        return users.stream()
                .filter(u -> u.domain().equals(domain) && u.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Failed(new Failure.NotFound("user", name)));
    }

    private Answer<?> session(SessionRows<?> request) {
        return switch (request) {
            case SessionRows.SelectPresence q -> Answer.to(q, new SessionRows.Whereabouts(presences.get(q.device())));
            case SessionRows.Beat q -> Answer.to(q, new SessionRows.Beaten(false));
            case SessionRows.EndOrphans q -> Answer.to(q, new SessionRows.Reaped(0, 0));
            case SessionRows.ReapNode q -> Answer.to(q, new SessionRows.Reaped(0, 0));
            case SessionRows.ReapNodes q -> Answer.to(q, new SessionRows.Reaped(0, 0));
            case SessionRows.ForgetNode q -> Answer.to(q, new SessionRows.Reaped(0, 0));
            case SessionRows.TellAbsent q -> Answer.to(q, new SessionRows.ToldAbsent(0, false));
            case SessionRows.OpenSession q -> Answer.to(q, Future.failedFuture("the registry opens no sessions"));
            case SessionRows.CloseSession q -> Answer.to(q, Future.failedFuture("the registry closes no sessions"));
            case SessionRows.SaveSubscriptions q -> Answer.to(q, Future.failedFuture("not the registry's"));
        };
    }

    private static void refuseIf(boolean condition, Supplier<Failure> failure) {
        if (condition) {
            throw new Failed(failure.get());
        }
    }
}
