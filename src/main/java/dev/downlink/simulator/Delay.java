// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** How long a device thinks before it answers. */
public sealed interface Delay {
    /** Whole milliseconds; 0 answers at once. */
    long nextMillis(RandomGenerator random);

    /** Always the same. */
    record Fixed(Duration time) implements Delay {
        @Override
        public long nextMillis(RandomGenerator random) {
            return time.toMillis();
        }
    }

    /** Anything between two bounds, each value as likely as the other. */
    record Uniform(Duration from, Duration to) implements Delay {
        public Uniform {
            if (to.compareTo(from) < 0) {
                throw new IllegalArgumentException("the upper bound is below the lower one");
            }
        }

        @Override
        public long nextMillis(RandomGenerator random) {
            return random.nextLong(from.toMillis(), to.toMillis() + 1);
        }
    }

    /** Mostly short, sometimes long. */
    record Exponential(Duration mean) implements Delay {
        @Override
        public long nextMillis(RandomGenerator random) {
            return Math.round(random.nextExponential() * mean.toMillis());
        }
    }

    /**
     * Reads {@code none}, {@code 50ms}, {@code uniform:10ms-50ms} or {@code exponential:50ms}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Delay parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        if (parts.length == 1) {
            return new Fixed(text.equalsIgnoreCase("none") ? Duration.ZERO : duration(parts[0]));
        }
        return switch (parts[0]) {
            case "fixed" -> new Fixed(duration(parts[1]));
            case "uniform" -> uniform(parts[1]);
            case "exponential" -> new Exponential(duration(parts[1]));
            default -> throw new IllegalArgumentException("unknown distribution " + parts[0]);
        };
    }

    /**
     * Reads {@code 500ms}, {@code 20s} or {@code 2m}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static Duration duration(String text) {
        String number = text.replaceAll("[a-z]+$", "");
        String unit = text.substring(number.length());
        long amount = Long.parseLong(number);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> throw new IllegalArgumentException(text + " is no duration such as 500ms, 20s or 2m");
        };
    }

    private static Delay uniform(String text) {
        String[] bounds = text.split("-", 2);
        if (bounds.length != 2) {
            throw new IllegalArgumentException(text + " is no range such as 10ms-50ms");
        }
        return new Uniform(duration(bounds[0]), duration(bounds[1]));
    }
}
