// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.PushRows.StoredEvent;

/** An event that is in memory, with what was tried. Belongs to one instance of the room. */
final class Event {
    final Lane lane;
    final StoredEvent stored;
    final Feed feed;
    final Turn turn;
    private final int size;

    int failures;
    int refusals;
    /** How often it failed while its receiver took others. */
    int passedOver;
    /** What its receiver had taken when it failed last. */
    private long acceptedBefore = -1;

    Event(Lane lane, StoredEvent stored, Feed feed, Turn turn) {
        this.lane = lane;
        this.stored = stored;
        this.feed = feed;
        this.turn = turn;
        size = stored.body().text().length()
                + (stored.header() == null ? 0 : stored.header().text().length());
    }

    long id() {
        return stored.id();
    }

    /** Characters of header and body. */
    int size() {
        return size;
    }

    /** @param accepted how many events the receiver has taken until now */
    void failed(long accepted) {
        if (acceptedBefore >= 0 && accepted > acceptedBefore) {
            passedOver++;
        }
        acceptedBefore = accepted;
    }
}
