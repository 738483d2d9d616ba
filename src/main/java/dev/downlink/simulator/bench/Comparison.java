// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.Provisioning;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives the same load to gateway, a pair of them, bare skeleton and Mosquitto in turn, several times, while all of them are there:
 * a machine that others use too changes its speed within minutes, so only neighbouring rounds can be compared. Blocks.
 */
public final class Comparison {
    private static final int CONNECTING = 64;
    /** After the first round. */
    private static final Duration WARM_UP_AGAIN = Duration.ofSeconds(1);

    private static final Duration WARM_UP_OF_ONE = Duration.ofSeconds(3);
    private static final Duration DURATION_OF_ONE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final List<Context> loops;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Map<Contestant, List<CommandReport>> reports = new EnumMap<>(Contestant.class);

    /**
     * What to compare.
     *
     * @param contestants who takes part
     * @param skeleton class path of the skeleton; it is left out when that is not there
     * @param mosquitto the program; it is left out when that is not there
     * @param jvm options of the Java programs
     * @param qos of the commands
     * @param database of the pair, which is left out when there is none
     */
    public record Plan(
            Set<Contestant> contestants,
            DeviceSeries series,
            LoadPlan load,
            int rounds,
            int qos,
            Path directory,
            Path skeleton,
            Path mosquitto,
            List<String> jvm,
            @Nullable Secret database) {
        public Plan {
            contestants = Set.copyOf(contestants);
            jvm = List.copyOf(jvm);
        }
    }

    public Comparison(Vertx vertx, List<Context> loops, Plan plan, Consumer<String> progress) {
        this.vertx = vertx;
        this.loops = List.copyOf(loops);
        this.plan = plan;
        this.progress = progress;
    }

    public void run() throws IOException, InterruptedException {
        Map<Contestant, Contender> contenders = new EnumMap<>(Contestant.class);
        try {
            for (Contestant one : Contestant.values()) {
                if (isThere(one)) {
                    contenders.put(one, begin(one));
                }
            }
            for (int round = 1; round <= plan.rounds; round++) {
                for (Map.Entry<Contestant, Contender> one : contenders.entrySet()) {
                    measure(one.getKey(), one.getValue(), round);
                }
            }
        } finally {
            contenders.values().forEach(Contender::close);
        }
    }

    private boolean isThere(Contestant one) {
        return plan.contestants.contains(one)
                && switch (one) {
                    case GATEWAY -> true;
                    case IO_URING -> Transport.IO_URING != null && Transport.IO_URING.available();
                    case PAIR -> plan.database != null;
                    case SKELETON -> Files.exists(plan.skeleton.resolve("dev/downlink/bench/Skeleton.class"));
                    case MOSQUITTO -> Files.isExecutable(plan.mosquitto);
                };
    }

    private Contender begin(Contestant one) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(plan.directory.resolve(name(one)));
        String classPath = plan.skeleton + File.pathSeparator + System.getProperty("java.class.path");
        Contestant.Place place =
                new Contestant.Place(directory, classPath, plan.jvm, plan.mosquitto, plan.qos, plan.database, Map.of());
        Contestant.Ready ready = one.start(place);
        try {
            provision(ready);
            Fleet fleet = fleet(ready);
            fleet.open().await(2, TimeUnit.MINUTES);
            return new Contender(ready, fleet);
        } catch (TimeoutException e) {
            ready.close();
            throw new IllegalStateException("not all devices could connect to the " + name(one), e);
        } catch (RuntimeException e) {
            ready.close();
            throw e;
        }
    }

    private void measure(Contestant one, Contender contender, int round) throws InterruptedException {
        CommandBench bench = new CommandBench(vertx, loops, plan.series, progress);
        Contestant.Ready ready = contender.ready;
        String label = name(one) + " #" + round;
        List<CommandReport> own = reports.computeIfAbsent(one, _ -> new ArrayList<>());
        own.add(bench.run(label, ready.target(), ready.meter(), round == 1 ? plan.load : again()));
        if (round == plan.rounds) {
            own.add(bench.run(label, ready.target(), ready.meter(), ofOne()));
        }
    }

    private static String name(Contestant one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private LoadPlan again() {
        return new LoadPlan(plan.load.callers(), plan.load.rate(), WARM_UP_AGAIN, plan.load.duration());
    }

    private static LoadPlan ofOne() {
        return new LoadPlan(1, 0, WARM_UP_OF_ONE, DURATION_OF_ONE);
    }

    private Fleet fleet(Contestant.Ready ready) {
        int subscribe = ready.dialect() == Dialect.BROKER ? plan.qos : -1;
        FleetPlan devices = FleetPlan.fast(ready.gate(), ready.dialect(), subscribe, CONNECTING);
        return Fleet.of(vertx, loops, plan.series, devices, InstantSource.system(), _ -> {});
    }

    private void provision(Contestant.Ready ready) {
        if (ready.target() instanceof Target.Gateway target && target.authority() instanceof Authority.Key) {
            Northbound north = new Northbound(vertx, target.gate(), target.project(), target.authority());
            int made = new Provisioning(north, plan.series)
                    .run()
                    .eventually(north::close)
                    .await();
            progress.accept("gateway: made " + made + " devices");
        }
    }

    public String table() {
        List<CommandReport> all =
                reports.values().stream().flatMap(List::stream).toList();
        return CommandReport.table(all) + '\n' + ratios();
    }

    /** The gateway over each of the others: the median of the rounds' ratios. */
    private String ratios() {
        Table table = new Table("gateway over", "server CPU/op", "ops/s", "p50 at one caller");
        for (Contestant other : EnumSet.complementOf(EnumSet.of(Contestant.GATEWAY))) {
            if (reports.containsKey(other)) {
                table.row(List.of(
                        name(other),
                        ratio(
                                many(Contestant.GATEWAY),
                                many(other),
                                report -> report.cost().server()),
                        ratio(many(Contestant.GATEWAY), many(other), CommandReport::perSecond),
                        ratio(
                                ofOne(Contestant.GATEWAY),
                                ofOne(other),
                                report -> report.latency().p50())));
            }
        }
        return table.toString();
    }

    private static String ratio(
            List<CommandReport> own, List<CommandReport> others, ToDoubleFunction<CommandReport> figure) {
        if (own.size() != others.size() || own.isEmpty()) {
            return "-";
        }
        double[] ratios = IntStream.range(0, own.size())
                .mapToDouble(i -> figure.applyAsDouble(own.get(i)) / figure.applyAsDouble(others.get(i)))
                .sorted()
                .toArray();
        double median = (ratios[ratios.length / 2] + ratios[(ratios.length - 1) / 2]) / 2;
        return String.format(Locale.ROOT, "%.2f", median);
    }

    private List<CommandReport> many(Contestant one) {
        return reports(one, report -> !isOfOne(report));
    }

    private List<CommandReport> ofOne(Contestant one) {
        return reports(one, Comparison::isOfOne);
    }

    private static boolean isOfOne(CommandReport report) {
        return report.plan().callers() == 1;
    }

    private List<CommandReport> reports(Contestant one, Predicate<CommandReport> wanted) {
        return reports.getOrDefault(one, List.of()).stream().filter(wanted).toList();
    }

    public JsonObject json() {
        JsonArray all = new JsonArray();
        reports.values().stream().flatMap(List::stream).forEach(report -> all.add(report.json()));
        return new JsonObject().put("qos", plan.qos).put("reports", all);
    }

    private record Contender(Contestant.Ready ready, Fleet fleet) {
        /** The devices first, so that nobody reports them as lost. */
        void close() {
            try (ready) {
                Future<Void> closed = fleet.close();
                closed.await();
            }
        }
    }
}
