// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The meters of a process. One per Vert.x instance, safe for all threads. Whoever counts asks for a meter once and keeps it;
 * the same name and labels give the same meter to everybody.
 */
public final class Telemetry implements Shareable {
    public static final String OTHER = "other";

    private static final Duration[] BUCKETS =
            millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000);

    private final SecondsClock clock = new SecondsClock();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
    private final Map<Labelled, List<Amount>> amounts = new ConcurrentHashMap<>();
    private final Map<Labelled, List<Level>> levels = new ConcurrentHashMap<>();
    private final Set<Labelled> gauges = ConcurrentHashMap.newKeySet();
    private final Map<MeterName, Set<String>> values = new ConcurrentHashMap<>();

    private Telemetry(Vertx vertx) {
        vertx.setPeriodic(SecondsClock.TICK_MILLIS, _ -> clock.tick());
    }

    public static Telemetry of(Vertx vertx) {
        return (Telemetry) vertx.sharedData()
                .<String, Shareable>getLocalMap("downlink")
                .computeIfAbsent("telemetry", _ -> new Telemetry(vertx));
    }

    /**
     * A part of a counter, which shows the sum of all parts; so ask once and keep it.
     *
     * @param labels the values of the meter's labels
     */
    public Amount amount(MeterName name, String... labels) {
        return amount(new Labelled(name, List.of(labels)));
    }

    /**
     * One counter for each word of an enum, which is the value of the meter's last label.
     *
     * @param labels the values of the labels before
     */
    public <E extends Enum<E>> Tally<E> tally(MeterName name, Class<E> words, String... labels) {
        Labelled common = new Labelled(name, List.of(labels));
        Map<E, Amount> amounts = new EnumMap<>(words);
        for (E word : words.getEnumConstants()) {
            amounts.put(word, amount(common.and(word(word))));
        }
        return new Tally<>(amounts);
    }

    /**
     * Timers that differ in the value of the meter's last label, each made when it is first needed.
     *
     * @param text what a key is called
     * @param labels the values of the labels before
     */
    public <K> Timings<K> timings(MeterName name, Function<K, String> text, String... labels) {
        Labelled common = new Labelled(name, List.of(labels));
        return new Timings<>(key -> timer(common.and(text.apply(key))));
    }

    /** The timer of a meter without labels. */
    Timer timer(MeterName name) {
        return timer(new Labelled(name, List.of()));
    }

    /** A part of a gauge, which shows the sum of all parts. */
    public Level level(MeterName name, String... labels) {
        Labelled gauge = new Labelled(name, List.of(labels));
        Level level = new Level();
        levels.computeIfAbsent(gauge, this::sum).add(level);
        return level;
    }

    /** A gauge that is read when somebody looks, on any thread. The first one of a name and labels stays. */
    public void gauge(MeterName name, IntSupplier value, String... labels) {
        Labelled gauge = new Labelled(name, List.of(labels));
        if (gauges.add(gauge)) {
            register(gauge, value::getAsInt);
        }
    }

    public Sizes sizes(MeterName name, String... labels) {
        Labelled labelled = new Labelled(name, List.of(labels));
        return new Sizes(DistributionSummary.builder(name.text())
                .description(name.description())
                .tags(labelled.tags())
                .register(registry));
    }

    /**
     * Bounds how many values a label has whose values come from users: the first so many are themselves, any other is
     * {@link #OTHER}.
     */
    public String few(MeterName name, String value, int most) {
        Set<String> known = values.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet());
        return known.contains(value) || (known.size() < most && known.add(value)) ? value : OTHER;
    }

    /** Adds the meters of JVM and operating system until they are closed. */
    public ProcessMeters processMeters() {
        return ProcessMeters.bind(registry);
    }

    /** All that was measured, in Prometheus' text format. Takes some milliseconds. */
    public String scrape() {
        return registry.scrape();
    }

    private List<Level> sum(Labelled gauge) {
        List<Level> parts = new CopyOnWriteArrayList<>();
        register(gauge, () -> parts.stream().mapToInt(Level::value).sum());
        return parts;
    }

    private void register(Labelled gauge, Supplier<Number> value) {
        Gauge _ = Gauge.builder(gauge.name.text(), value)
                .description(gauge.name.description())
                .tags(gauge.tags())
                .register(registry);
    }

    private Amount amount(Labelled counter) {
        Amount amount = new Amount();
        amounts.computeIfAbsent(counter, this::total).add(amount);
        return amount;
    }

    private List<Amount> total(Labelled counter) {
        List<Amount> parts = new CopyOnWriteArrayList<>();
        FunctionCounter _ = FunctionCounter.builder(counter.name.text(), parts, Telemetry::total)
                .description(counter.name.description())
                .tags(counter.tags())
                .register(registry);
        return parts;
    }

    private static double total(List<Amount> parts) {
        return parts.stream().mapToLong(Amount::value).sum();
    }

    private Timer timer(Labelled timer) {
        return Timer.builder(timer.name.text())
                .description(timer.name.description())
                .tags(timer.tags())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Duration[] millis(int... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }

    private record Labelled(MeterName name, List<String> values) {
        Labelled and(String last) {
            List<String> more = new ArrayList<>(values);
            more.add(last);
            return new Labelled(name, List.copyOf(more));
        }

        Tags tags() {
            if (values.size() != name.labels().size()) {
                throw new IllegalArgumentException(name + " has the labels " + name.labels() + ", not " + values);
            }
            List<Tag> tags = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                tags.add(Tag.of(NamingConvention.snakeCase.tagKey(name.labels().get(i)), values.get(i)));
            }
            return Tags.of(tags);
        }
    }
}
