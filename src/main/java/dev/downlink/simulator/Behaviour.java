// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How devices treat commands. The shares are between 0 and 1 and together at most 1; the rest is answered well.
 *
 * @param late share answered only after {@code lateBy}
 * @param never share not answered
 * @param wrong share answered wrongly: with a foreign request id or with broken JSON, in turn
 * @param failing share answered with an error
 * @param delay before every answer
 */
public record Behaviour(double late, double never, double wrong, double failing, Delay delay, Duration lateBy) {
    /** Answers everything well and at once. */
    public static final Behaviour GOOD =
            new Behaviour(0, 0, 0, 0, new Delay.Fixed(Duration.ZERO), Duration.ofSeconds(30));

    public Behaviour {
        if (late < 0 || never < 0 || wrong < 0 || failing < 0 || late + never + wrong + failing > 1) {
            throw new IllegalArgumentException("shares must be 0 or more and together at most 1");
        }
    }

    /** What a device does with one command. */
    public enum Reaction {
        ANSWER,
        ANSWER_LATE,
        STAY_SILENT,
        ANSWER_ANOTHER_REQUEST,
        ANSWER_GIBBERISH,
        ANSWER_WITH_ERROR
    }

    Reaction next(RandomGenerator random) {
        if (late + never + wrong + failing == 0) {
            return Reaction.ANSWER;
        }
        double dice = random.nextDouble();
        if (dice < late) {
            return Reaction.ANSWER_LATE;
        } else if (dice < late + never) {
            return Reaction.STAY_SILENT;
        } else if (dice < late + never + wrong) {
            return random.nextBoolean() ? Reaction.ANSWER_ANOTHER_REQUEST : Reaction.ANSWER_GIBBERISH;
        }
        return dice < late + never + wrong + failing ? Reaction.ANSWER_WITH_ERROR : Reaction.ANSWER;
    }

    long delayMillis(Reaction reaction, RandomGenerator random) {
        return delay.nextMillis(random) + (reaction == Reaction.ANSWER_LATE ? lateBy.toMillis() : 0);
    }
}
