// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Channel;
import dev.downlink.model.RuleId;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;
import dev.downlink.telemetry.Timings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What one instance of the room counts. Belongs to that instance. */
final class PushMeters {
    private static final int RULES = 100;

    final Level inHand;
    final Level lanes;
    final Level paused;
    private final Telemetry telemetry;
    private final Map<String, OfRule> rules = new HashMap<>();
    private final Map<String, Timings<String>> attempts = new HashMap<>();

    PushMeters(Telemetry telemetry) {
        this.telemetry = telemetry;
        inHand = telemetry.level(MeterName.PUSH_IN_HAND);
        lanes = telemetry.level(MeterName.PUSH_LANES);
        paused = telemetry.level(MeterName.PUSH_PAUSED);
        showAll();
    }

    /** Meters that nobody has a rule for are there too. */
    private void showAll() {
        var _ = of(Telemetry.OTHER);
        var _ = waiting(Telemetry.OTHER);
        var _ = lag(Telemetry.OTHER);
        attempts(channel(Channel.Kind.HTTP_FORWARDING)).show(word(Fate.ACCEPTED));
    }

    /** What became of an event. */
    enum Outcome {
        DELIVERED,
        LEFT_OUT,
        FAILED,
        DROPPED,
        DEAD
    }

    record OfRule(Tally<Outcome> events) {}

    OfRule of(RuleId rule) {
        return of(label(rule));
    }

    private OfRule of(String label) {
        return rules.computeIfAbsent(
                label, text -> new OfRule(telemetry.tally(MeterName.PUSH_EVENTS, Outcome.class, text)));
    }

    /** One name for all instances of a node. */
    String label(RuleId rule) {
        return telemetry.few(MeterName.PUSH_EVENTS, rule.value(), RULES);
    }

    Level waiting(String rule) {
        return telemetry.level(MeterName.PUSH_WAITING, rule);
    }

    Level lag(String rule) {
        return telemetry.level(MeterName.PUSH_LAG, rule);
    }

    /** @param channel how the contract spells it */
    void attempt(String channel, Fate fate, long nanos) {
        attempts(channel).record(word(fate), nanos);
    }

    private Timings<String> attempts(String channel) {
        return attempts.computeIfAbsent(channel, c -> telemetry.timings(MeterName.PUSH_ATTEMPTS, word -> word, c));
    }

    static String channel(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String word(Fate fate) {
        return switch (fate) {
            case Fate.Accepted _ -> "accepted";
            case Fate.Returned _ -> "returned";
            case Fate.Refused _ -> "refused";
            case Fate.Failed _ -> "failed";
        };
    }
}
