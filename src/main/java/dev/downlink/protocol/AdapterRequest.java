// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the instance that holds a device's connection can be asked. Each is sent to that instance's own address. */
public sealed interface AdapterRequest<R extends Record> extends Request<R> {

    /**
     * Publishes a call to the device. Fails with {@link Failure.NotHere}, {@link Failure.NotSubscribed} or
     * {@link Failure.DeviceCongested}; answers as soon as the call is written.
     *
     * @param connection the device that holds the connection (a sub-device's gateway)
     */
    record DeliverCall(DeviceId connection, RequestId request, Call call) implements AdapterRequest<Published> {}

    /**
     * Hands a stored message over: from then on this instance sees to it that the message reaches the device or stays
     * in the table. Fails with {@link Failure.NotHere}.
     *
     * @param behind sequence of the message that has to reach the device before; 0 for none
     * @param origin the delivery instance to tell of the message's end
     */
    record DeliverMessage(QueuedMessage message, long behind, Address origin) implements AdapterRequest<Done> {}

    /** Messages wait in the table for this connection. Fails with {@link Failure.NotHere}. */
    record WakeConnection(DeviceId connection) implements AdapterRequest<Done> {}

    /**
     * What hangs below the connection was changed, and its device is to be told; messages may have come or gone with it. Fails
     * with {@link Failure.NotHere}.
     *
     * @param moved whether waiting messages may be others now
     */
    record NotifyGateway(DeviceId connection, boolean moved) implements AdapterRequest<Done> {}

    /** Does not send a message that was given up, if it is not sent yet. Never fails. */
    record WithdrawMessage(MessageKey key) implements AdapterRequest<Done> {}

    /** How far a call has come that was published on the connection with this epoch. */
    record FindProgress(DeviceId connection, long epoch, CallKind kind, RequestId request)
            implements AdapterRequest<Reached> {
        /** Asked when the application has already waited its full time. */
        @Override
        public Duration patience() {
            return Duration.ofSeconds(1);
        }
    }

    /** Closes a connection, if its epoch is not greater than the one given. */
    record CloseConnection(DeviceId device, long epoch, Why why) implements AdapterRequest<Done> {
        /** Why a connection is closed by the gateway. */
        public enum Why {
            TAKEN_OVER,
            FROZEN,
            DELETED,
            CREDENTIALS_CHANGED,
            /** The session table says that nobody holds it, for example after its node was taken for dead. */
            SESSION_LOST
        }
    }

    /** The epoch of the connection it was written on. */
    record Published(long epoch) {}

    record Reached(Failure.Progress progress) {}

    /** A call in protocol-neutral form; the adapter writes it in its own protocol. */
    sealed interface Call {
        CallKind kind();

        /** The device meant, which a gateway needs to know. */
        DeviceId device();
    }

    /** A command (southbound §2.4). */
    record Command(
            DeviceId device,
            @Nullable String serviceId,
            @Nullable String commandName,
            Map<String, @Nullable Object> paras)
            implements Call {
        @Override
        public CallKind kind() {
            return CallKind.COMMAND;
        }
    }

    /** Values for properties (southbound §2.5). */
    record PropertiesSet(DeviceId device, List<ServiceProperties> services) implements Call {
        @Override
        public CallKind kind() {
            return CallKind.PROPERTIES_SET;
        }
    }

    /** A question for the properties of a service (southbound §2.5). */
    record PropertiesGet(DeviceId device, String serviceId) implements Call {
        @Override
        public CallKind kind() {
            return CallKind.PROPERTIES_GET;
        }
    }
}
