// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The queues that consumers have opened here. Belongs to one instance of the room. */
final class AmqpQueues {
    private final Map<QueueKey, AmqpConsumers> all = new HashMap<>();
    private Set<QueueKey> attended = Set.of();
    private Runnable listener = () -> {};
    private int seconds;

    void listen(Runnable toChanges) {
        listener = toChanges;
    }

    /** Those with somebody who is there to get events. */
    Set<QueueKey> attended() {
        return attended;
    }

    AmqpConsumers of(QueueKey queue) {
        return all.computeIfAbsent(queue, _ -> new AmqpConsumers(this::refresh));
    }

    List<AmqpReceiver> receivers() {
        List<AmqpReceiver> receivers = new ArrayList<>();
        all.values().forEach(consumers -> receivers.addAll(consumers.receivers()));
        return receivers;
    }

    /** @param now seconds that the door has swept */
    void sweep(int now) {
        seconds = now;
        receivers().forEach(AmqpReceiver::more);
        all.values().removeIf(AmqpConsumers::isUnused);
        refresh();
    }

    private void refresh() {
        Set<QueueKey> now = new HashSet<>();
        all.forEach((queue, consumers) -> {
            if (consumers.isAttended(seconds)) {
                now.add(queue);
            }
        });
        if (!now.equals(attended)) {
            attended = Set.copyOf(now);
            listener.run();
        }
    }
}
