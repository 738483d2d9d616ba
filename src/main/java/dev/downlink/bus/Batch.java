// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Notice;
import java.util.List;

/** What one event loop sends to another, or to itself, in one turn: one message of the event bus, however much it is. */
record Batch(List<Item> items) {

    /** Is dealt with on the thread of the loop that it was sent to. */
    sealed interface Item permits Question, Reply, News {
        void arrive();
    }

    /** A request and whom it is for. */
    record Question(Desk<?> desk, Asks.Ask<?> ask) implements Item {
        @Override
        public void arrive() {
            desk.take(ask);
        }
    }

    /**
     * What became of a request, for the loop that asked.
     *
     * @param answer a record, or a {@link Refusal}
     */
    record Reply(Asks.Ask<?> ask, Object answer) implements Item {
        @Override
        public void arrive() {
            ask.settle(answer);
        }
    }

    /** A notice and who hears it. */
    record News(Ear<?> ear, Notice notice) implements Item {
        @Override
        public void arrive() {
            ear.take(notice);
        }
    }
}
