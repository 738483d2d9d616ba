// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.bus.Deadlines;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.protocol.ShadowRows.Difference;
import dev.downlink.telemetry.Tally;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which devices are to be told what is wanted of them. A device is told one thing at a time. What it did not take it is told
 * again when it connects, when the wish changes, or when it reports something else; but the same after a report only when a
 * pause is over, which doubles each time. Belongs to one verticle instance.
 *
 * <pre>
 * IDLE → QUEUED → IN_HAND → IDLE      (IDLE with something wanted: held back until the pause is over)
 * </pre>
 */
final class Pushes {
    /** Devices that are being told. */
    private static final int MAX_IN_HAND = 256;
    /** Devices that are told, wait for it, or were told not long ago. */
    private static final int MAX_KNOWN = 10_000;
    /** How many of those are looked at to find one that may be forgotten. */
    private static final int MAX_LOOKED_AT = 32;

    private final Pushing pushing;
    private final Deadlines deadlines;
    private final Pace pace;
    private final Tally<Pushed> outcomes;
    private final Map<DeviceId, Push> known = new LinkedHashMap<>();
    private final Deque<Push> queue = new ArrayDeque<>();
    private int inHand;
    private boolean beginning;

    /**
     * @param first pause after the first time that a device was told the same
     * @param longest that a pause may grow to, and how long it is remembered what a device was told
     */
    record Pace(Duration first, Duration longest) {
        static final Pace NORMAL = new Pace(Duration.ofSeconds(10), Duration.ofHours(1));

        Duration after(int times) {
            Duration pause = first.multipliedBy(1L << Math.min(times - 1, 20));
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }

    private enum State {
        IDLE,
        QUEUED,
        IN_HAND
    }

    Pushes(Pushing pushing, Deadlines deadlines, Pace pace, Tally<Pushed> outcomes) {
        this.pushing = pushing;
        this.deadlines = deadlines;
        this.pace = pace;
        this.outcomes = outcomes;
    }

    /** The wish changed. What is in hand ends before. */
    void changed(DeviceId device, List<Difference> differences) {
        find(device).ifPresent(Push::forgetPauses);
        want(device, differences);
    }

    /** The device connected; what it was told on another connection may have been lost with that. */
    void connected(DeviceId device, List<Difference> differences) {
        find(device).ifPresent(Push::abandon);
        want(device, differences);
    }

    private void want(DeviceId device, List<Difference> differences) {
        if (differences.isEmpty()) {
            find(device).ifPresent(push -> push.wanted.clear());
            return;
        }
        findOrAdd(device).ifPresent(push -> {
            push.wanted.clear();
            differences.forEach(one -> push.wanted.put(one.serviceId(), one.properties()));
            schedule(push);
        });
    }

    /** @param difference what is wanted of the service and was not reported; null for nothing */
    void reported(DeviceId device, String service, @Nullable Json difference) {
        if (difference == null) {
            find(device).ifPresent(push -> push.solved(service));
            return;
        }
        findOrAdd(device).ifPresent(push -> {
            push.wanted.put(service, difference);
            schedule(push);
        });
    }

    private Optional<Push> find(DeviceId device) {
        return Optional.ofNullable(known.get(device));
    }

    private Optional<Push> findOrAdd(DeviceId device) {
        Push push = known.get(device);
        if (push != null) {
            return Optional.of(push);
        }
        if (known.size() >= MAX_KNOWN && !forgetOne()) {
            outcomes.count(Pushed.DROPPED);
            return Optional.empty();
        }
        Push fresh = new Push(device);
        known.put(device, fresh);
        return Optional.of(fresh);
    }

    private boolean forgetOne() {
        Optional<Push> idle = known.values().stream()
                .limit(MAX_LOOKED_AT)
                .filter(push -> push.state == State.IDLE)
                .findFirst();
        idle.ifPresent(this::forget);
        return idle.isPresent();
    }

    private void forget(Push push) {
        deadlines.remove(push);
        known.remove(push.device);
    }

    private void schedule(Push push) {
        if (push.state != State.IDLE) {
            return;
        }
        deadlines.remove(push);
        if (push.isRepetition() && deadlines.now() < push.pauseEnds) {
            outcomes.count(Pushed.HELD_BACK);
            deadlines.add(push, deadlines.now(), Duration.ofNanos(push.pauseEnds - deadlines.now()));
        } else if (inHand < MAX_IN_HAND) {
            begin(push);
        } else {
            push.state = State.QUEUED;
            queue.add(push);
        }
    }

    private void begin(Push push) {
        Map<String, Json> values = Map.copyOf(push.wanted);
        push.begin(values);
        int attempt = push.attempts;
        inHand++;
        pushing.push(push.device, values).onSuccess(outcome -> ended(push, attempt, outcome));
    }

    private void ended(Push push, int attempt, Pushed outcome) {
        inHand--;
        outcomes.count(outcome);
        if (push.attempts == attempt) {
            push.state = State.IDLE;
            push.pauseEnds = deadlines.now() + pace.after(push.times).toNanos();
            if (push.wanted.isEmpty()) {
                deadlines.add(push, deadlines.now(), pace.longest());
            } else {
                schedule(push);
            }
        }
        next();
    }

    /** One that ends as soon as it begins comes back here, and must not begin the next one inside of itself. */
    private void next() {
        if (beginning) {
            return;
        }
        beginning = true;
        while (inHand < MAX_IN_HAND && !queue.isEmpty()) {
            Push push = queue.remove();
            push.state = State.IDLE;
            if (push.wanted.isEmpty()) {
                deadlines.add(push, deadlines.now(), pace.longest());
            } else {
                begin(push);
            }
        }
        beginning = false;
    }

    /** One device. In the wheel only while it is idle. */
    private final class Push extends Deadlines.Entry {
        private final DeviceId device;
        /** What it is to be told, by service. */
        private final Map<String, Json> wanted = new HashMap<>();
        /** What it was told last, by service. */
        private final Map<String, Json> told = new HashMap<>();

        private State state = State.IDLE;
        private int attempts;
        /** How often it was told the same. */
        private int times;

        private long pauseEnds;

        Push(DeviceId device) {
            this.device = device;
        }

        void begin(Map<String, Json> values) {
            times = isRepetition() ? times + 1 : 1;
            told.putAll(values);
            wanted.clear();
            state = State.IN_HAND;
            attempts++;
        }

        /** Whether it was told all of that before. */
        boolean isRepetition() {
            return wanted.entrySet().stream().allMatch(value -> value.getValue().equals(told.get(value.getKey())));
        }

        void solved(String service) {
            wanted.remove(service);
            told.remove(service);
        }

        void forgetPauses() {
            told.clear();
        }

        /** Whatever is in hand no longer counts; it ends by itself. */
        void abandon() {
            forgetPauses();
            if (state == State.IN_HAND) {
                state = State.IDLE;
                attempts++;
            }
        }

        @Override
        protected void expired() {
            if (wanted.isEmpty()) {
                forget(this);
            } else {
                schedule(this);
            }
        }
    }
}
