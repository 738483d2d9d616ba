// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.Subscription;
import java.util.ArrayList;
import java.util.List;

/** What a connection subscribed to; a filter is in here once. Belongs to one connection. */
final class Subscriptions {
    private List<Subscription> all;

    Subscriptions(List<Subscription> kept) {
        all = List.copyOf(kept);
    }

    List<Subscription> all() {
        return all;
    }

    boolean has(String filter) {
        return all.stream().anyMatch(s -> s.filter().equals(filter));
    }

    int size() {
        return all.size();
    }

    /** Replaces an earlier subscription with the same filter. */
    void put(Subscription subscription) {
        List<Subscription> changed = new ArrayList<>(all.size() + 1);
        for (Subscription s : all) {
            if (!s.filter().equals(subscription.filter())) {
                changed.add(s);
            }
        }
        changed.add(subscription);
        all = List.copyOf(changed);
    }

    /** False when there was none. */
    boolean remove(String filter) {
        int before = all.size();
        all = all.stream().filter(s -> !s.filter().equals(filter)).toList();
        return all.size() < before;
    }

    /** The highest QoS granted among the filters that match, or -1 when none does: however many do, one copy is sent. */
    int qosOf(String topic) {
        int qos = -1;
        for (Subscription s : all) {
            if (s.qos() > qos && s.matches(topic)) {
                qos = s.qos();
            }
        }
        return qos;
    }
}
