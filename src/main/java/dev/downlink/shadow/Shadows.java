// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Product;
import dev.downlink.model.ServiceProperties;
import dev.downlink.model.Shadow;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.ShadowRequest.ConnectionOpened;
import dev.downlink.protocol.ShadowRequest.DeleteShadow;
import dev.downlink.protocol.ShadowRequest.DesiredChange;
import dev.downlink.protocol.ShadowRequest.FetchShadow;
import dev.downlink.protocol.ShadowRequest.ShowShadow;
import dev.downlink.protocol.ShadowRequest.UpdateDesired;
import dev.downlink.protocol.ShadowRows.ChangeDesired;
import dev.downlink.protocol.ShadowRows.DeleteShadowRows;
import dev.downlink.protocol.ShadowRows.Difference;
import dev.downlink.protocol.ShadowRows.Differences;
import dev.downlink.protocol.ShadowRows.SelectDifferences;
import dev.downlink.protocol.ShadowRows.SelectShadow;
import dev.downlink.protocol.ShadowRows.ShadowFound;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of shadows. What a device has reported to this instance is written before its shadow is read or changed here;
 * values that wait at another instance are seen when they are written. Belongs to one verticle instance.
 */
final class Shadows {
    /** Services of a connection that are looked at in one go. */
    private static final int PAGE = 500;

    private final Bus bus;
    private final Reports reports;
    private final Pushes pushes;
    private final Rereads rereads;

    Shadows(Bus bus, Reports reports, Pushes pushes, Rereads rereads) {
        this.bus = bus;
        this.reports = reports;
        this.pushes = pushes;
        this.rereads = rereads;
    }

    Future<Shadow> show(ShowShadow q) {
        return bus.ask(new FindTarget(q.project(), q.device()))
                .compose(_ -> read(q.device()))
                .map(ShadowFound::shadow);
    }

    Future<Shadow> fetch(FetchShadow q) {
        String service = q.serviceId();
        return bus.ask(new FindRelative(q.connection(), q.device()))
                .compose(_ -> read(q.device()))
                .map(found -> service == null ? found.shadow() : found.shadow().only(service));
    }

    /** When what waits cannot be written, the shadow cannot be read either. */
    private Future<ShadowFound> read(DeviceId device) {
        return reports.flush(device).otherwiseEmpty().compose(_ -> bus.ask(new SelectShadow(device)));
    }

    Future<Shadow> update(UpdateDesired q) {
        return bus.ask(new FindTarget(q.project(), q.device()))
                .compose(target -> {
                    check(target.product(), q.services());
                    return reports.flush(q.device()).otherwiseEmpty();
                })
                .compose(_ -> bus.ask(new ChangeDesired(q.device(), q.services())))
                .recover(e -> changedBefore(q, e))
                .compose(_ -> bus.ask(new SelectShadow(q.device())))
                .map(found -> {
                    pushes.changed(q.device(), found.differences());
                    return found.shadow();
                });
    }

    /** Values that are taken away are not checked, so that they can be when the model no longer has them. */
    private static void check(Product product, List<DesiredChange> changes) {
        Set<String> names = new HashSet<>();
        try {
            for (int i = 0; i < changes.size(); i++) {
                DesiredChange change = changes.get(i);
                if (!names.add(change.serviceId())) {
                    throw new InvalidField("shadow[" + i + "].service_id", "occurs twice");
                }
                Map<String, @Nullable Object> values = new LinkedHashMap<>(change.properties());
                values.values().removeIf(Objects::isNull);
                if (!values.isEmpty()) {
                    product.checkDesired(i, new ServiceProperties(change.serviceId(), values));
                }
            }
        } catch (InvalidField e) {
            throw new Failed(new Failure.ModelViolation(e.field(), e.why()));
        }
    }

    /** Says which service has another version. */
    private Future<Done> changedBefore(UpdateDesired q, Throwable e) {
        if (!(e instanceof Failed failed) || !(failed.failure() instanceof Failure.Conflict)) {
            return Future.failedFuture(e);
        }
        return bus.ask(new SelectShadow(q.device())).compose(found -> {
            Map<String, Long> versions = found.shadow().services().stream()
                    .collect(Collectors.toMap(Shadow.Service::serviceId, Shadow.Service::version));
            for (DesiredChange change : q.services()) {
                long version = versions.getOrDefault(change.serviceId(), 0L);
                if (change.version() != null && change.version() != version) {
                    throw new Failed(new Failure.ShadowChanged(q.device(), change.serviceId(), version));
                }
            }
            return Future.failedFuture(e);
        });
    }

    Future<Done> delete(DeleteShadow q) {
        return bus.ask(new FindTarget(q.project(), q.device()))
                .compose(_ -> reports.flush(q.device()).otherwiseEmpty())
                .compose(_ -> bus.ask(new DeleteShadowRows(q.device(), q.serviceId())));
    }

    /** Answers when the differences are read; if they cannot be, that is tried again behind. */
    Future<Done> opened(ConnectionOpened q) {
        return rereads.read(q.connection(), connection -> differences(connection, null));
    }

    private Future<Done> differences(DeviceId connection, @Nullable Difference after) {
        return bus.ask(new SelectDifferences(connection, after, PAGE)).compose(found -> {
            List<Difference> whole = whole(found);
            whole.stream()
                    .collect(Collectors.groupingBy(Difference::device, LinkedHashMap::new, Collectors.toList()))
                    .forEach(pushes::connected);
            return found.more() ? differences(connection, whole.getLast()) : Future.succeededFuture(Done.DONE);
        });
    }

    /** Without the last device of a page that goes on behind it: it is told all at once. */
    private static List<Difference> whole(Differences found) {
        List<Difference> page = found.differences();
        if (!found.more() || page.getFirst().device().equals(page.getLast().device())) {
            return page;
        }
        DeviceId last = page.getLast().device();
        return page.stream().filter(one -> !one.device().equals(last)).toList();
    }
}
