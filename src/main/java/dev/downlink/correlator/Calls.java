// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import dev.downlink.bus.Bus;
import dev.downlink.bus.Deadlines;
import dev.downlink.config.NodeIdentity;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Product;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.GetProperties;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of waiting calls. An answer completes a call only if it came from the call's device, is of its kind and the call
 * still waits; everything else is dropped (southbound §5). Belongs to one thread.
 */
final class Calls {
    private static final Logger LOGGER = LoggerFactory.getLogger(Calls.class);

    private final Bus bus;
    private final NodeIdentity node;
    private final int instance;
    private final Quota quota;
    private final Deadlines deadlines;
    private final Targets targets;
    private final Route route;
    private final Map<RequestId, PendingCall> waiting = new HashMap<>();
    private boolean closed;

    Calls(Bus bus, NodeIdentity node, int instance, Quota quota, Deadlines deadlines, Targets targets, Route route) {
        this.bus = bus;
        this.node = node;
        this.instance = instance;
        this.quota = quota;
        this.deadlines = deadlines;
        this.targets = targets;
        this.route = route;
    }

    /** The time counts from here, whatever the way to the device takes. */
    Future<Answered> send(CorrelatorRequest<Answered> request) {
        if (closed) {
            return Future.failedFuture(new Failed(new Failure.ShuttingDown()));
        }
        RegistryRequest.FindTarget q = new RegistryRequest.FindTarget(request.project(), request.device());
        Targets.Known known = targets.known(q);
        AtomicInteger calls = known == null ? quota.of(request.device()) : known.calls();
        quota.take(request.device(), calls);
        return begin(request, q, known).onComplete(_ -> quota.giveBack(calls));
    }

    private Future<Answered> begin(
            CorrelatorRequest<Answered> request, RegistryRequest.FindTarget q, Targets.@Nullable Known known) {
        long accepted = deadlines.now();
        RequestId id = RequestId.next(node.id(), instance);
        if (known == null) {
            return targets.find(q).compose(target -> {
                if (deadlines.now() - accepted >= request.limit().toNanos()) {
                    throw new Failed(timedOut(id, Failure.Progress.NOT_PUBLISHED, request.limit()));
                }
                return dispatch(id, request, target, accepted);
            });
        }
        try {
            return dispatch(id, request, known, accepted);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Answered> dispatch(
            RequestId id, CorrelatorRequest<Answered> request, Targets.Known known, long accepted) {
        RegistryRequest.Target target = known.target();
        if (target.frozen()) {
            throw new Failed(new Failure.DeviceFrozen(request.device()));
        }
        PendingCall pending = new PendingCall(
                id, checked(request, target.product()), known.whereabouts(), request.limit(), this::timeOut);
        if (closed) {
            throw new Failed(new Failure.ShuttingDown());
        }
        waiting.put(id, pending);
        deadlines.add(pending, accepted, request.limit());
        route.deliver(pending).onFailure(e -> fail(pending, e));
        return pending.future();
    }

    private static AdapterRequest.Call checked(CorrelatorRequest<Answered> request, Product product) {
        try {
            return call(request, product);
        } catch (InvalidField e) {
            throw new Failed(new Failure.ModelViolation(e.field(), e.why()));
        }
    }

    private static AdapterRequest.Call call(CorrelatorRequest<Answered> request, Product product) {
        return switch (request) {
            case SendCommand q -> {
                if (q.serviceId() != null) {
                    product.checkCommand(q.serviceId(), q.commandName(), q.paras());
                }
                yield new AdapterRequest.Command(q.device(), q.serviceId(), q.commandName(), q.paras());
            }
            case SetProperties q -> {
                product.checkProperties(q.services());
                yield new AdapterRequest.PropertiesSet(q.device(), q.services());
            }
            case GetProperties q -> {
                product.checkService(q.serviceId());
                yield new AdapterRequest.PropertiesGet(q.device(), q.serviceId());
            }
        };
    }

    /** Returns whether somebody waited for the answer. */
    boolean arrived(Notice.AnswerArrived notice) {
        PendingCall pending = waiting.get(notice.request());
        if (pending == null || !pending.accepts(notice.connection(), notice.kind())) {
            LOGGER.debug(
                    "answer dropped, nobody waits for it: device={} request={} kind={}",
                    notice.connection(),
                    notice.request(),
                    notice.kind());
            return false;
        }
        close(pending);
        return pending.promise().tryComplete(new Answered(pending.id, notice.answer()));
    }

    private void fail(PendingCall pending, Throwable failure) {
        close(pending);
        pending.promise().tryFail(failure);
    }

    private void timeOut(PendingCall pending) {
        close(pending);
        progress(pending)
                .onComplete(progress -> pending.promise()
                        .tryFail(new Failed(timedOut(
                                pending.id,
                                progress.succeeded() ? progress.result() : Failure.Progress.UNKNOWN,
                                pending.limit))));
    }

    private static Failure timedOut(RequestId id, Failure.Progress progress, Duration limit) {
        return new Failure.CallTimedOut(id, progress, (int) limit.toSeconds());
    }

    private Future<Failure.Progress> progress(PendingCall pending) {
        return pending.whereWritten()
                .map(holder -> bus.ask(
                                Address.holder(holder.address()),
                                new AdapterRequest.FindProgress(
                                        pending.connection, holder.epoch(), pending.call.kind(), pending.id))
                        .map(AdapterRequest.Reached::progress)
                        .recover(Calls::withoutHolder))
                .orElseGet(() -> Future.succeededFuture(
                        pending.stage() == PendingCall.Stage.NOT_SENT
                                ? Failure.Progress.NOT_PUBLISHED
                                : Failure.Progress.UNKNOWN));
    }

    /** An adapter that is gone took its connections with it. */
    private static Future<Failure.Progress> withoutHolder(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.NobodyThere
                ? Future.succeededFuture(Failure.Progress.CONNECTION_LOST)
                : Future.failedFuture(e);
    }

    private void close(PendingCall pending) {
        pending.close();
        waiting.remove(pending.id);
        deadlines.remove(pending);
    }

    void abandon() {
        closed = true;
        for (PendingCall pending : List.copyOf(waiting.values())) {
            fail(pending, new Failed(new Failure.ShuttingDown()));
        }
    }
}
