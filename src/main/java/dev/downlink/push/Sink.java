// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;

/**
 * Where the events of one outlet go, as one instance of the room sees it. Belongs to that instance's event loop: it is called
 * there, and completes its futures there.
 */
interface Sink {

    /** How many more events it takes now. When it grows from zero again, the sink says so to whom it was opened for. */
    int room();

    /**
     * Whether it keeps events in the order in which it was given them, also those of one device. If not, it is given the next
     * event of a device only when the one before is done with.
     */
    boolean keepsOrder();

    /** Whether a failure may be the fault of an event. If not, none is ever put aside for having failed. */
    default boolean mayBlame() {
        return true;
    }

    /** Sends one event; only called while there is room. Ends always, within a time that the sink sets itself. */
    Future<Fate> push(Parcel parcel);

    /** Sends what it was given, without waiting for more to send with it. */
    default void hurry() {}

    /** Whether there is somebody. Fails with {@link dev.downlink.protocol.Failure.Unreachable}. */
    Future<Void> probe();

    /** Ends what is under way, each push with a fate, and lets go of everything. */
    Future<Void> close();
}
