// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import dev.downlink.bus.Deadlines;
import dev.downlink.bus.Holders;
import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.CorrelatorRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that waits for its answer. Belongs to the instance that its request id names. */
final class PendingCall extends Deadlines.Entry {
    // what was asked
    final RequestId id;
    final AdapterRequest.Call call;
    final DeviceId connection;
    final Holders.Whereabouts whereabouts;
    final Duration limit;

    private final Consumer<PendingCall> onExpired;
    private final Promise<CorrelatorRequest.Answered> answer = Promise.promise();

    // how far it has come
    private Stage stage = Stage.NOT_SENT;
    private boolean open = true;
    private Presence.@Nullable Holder publishedAt;

    PendingCall(
            RequestId id,
            AdapterRequest.Call call,
            Holders.Whereabouts whereabouts,
            Duration limit,
            Consumer<PendingCall> onExpired) {
        this.id = id;
        this.call = call;
        connection = whereabouts.device();
        this.whereabouts = whereabouts;
        this.limit = limit;
        this.onExpired = onExpired;
    }

    Future<CorrelatorRequest.Answered> future() {
        return answer.future();
    }

    Promise<CorrelatorRequest.Answered> promise() {
        return answer;
    }

    /** Nobody waits any more: what is not yet on its way stays here. */
    void close() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether an answer that came on a device's connection belongs to this call (southbound §5). */
    boolean accepts(DeviceId from, CallKind kind) {
        return connection.equals(from) && call.kind() == kind;
    }

    boolean viaGateway() {
        return !connection.equals(call.device());
    }

    void handedOver() {
        stage = Stage.HANDED_OVER;
    }

    void turnedAway() {
        stage = Stage.NOT_SENT;
    }

    void publishedAt(Presence.Holder holder) {
        stage = Stage.PUBLISHED;
        publishedAt = holder;
    }

    Stage stage() {
        return stage;
    }

    Optional<Presence.Holder> whereWritten() {
        return Optional.ofNullable(publishedAt);
    }

    @Override
    protected void expired() {
        onExpired.accept(this);
    }

    /** What the correlator itself knows of the way to the device. */
    enum Stage {
        NOT_SENT,
        /** Given to an adapter that has not yet said what became of it. */
        HANDED_OVER,
        PUBLISHED
    }
}
