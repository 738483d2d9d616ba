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
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs gateway, a pair of them, bare skeleton and Mosquitto one after the other, several times, with the same load, because only figures of
 * one run on one machine can be compared. Blocks.
 */
public final class Comparison {
    private static final int CONNECTING = 64;
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
        List<Contestant> contestants =
                Stream.of(Contestant.values()).filter(this::isThere).toList();
        for (int round = 1; round <= plan.rounds; round++) {
            for (Contestant one : contestants) {
                measure(one, round);
            }
        }
    }

    private boolean isThere(Contestant one) {
        return plan.contestants.contains(one)
                && switch (one) {
                    case GATEWAY -> true;
                    case PAIR -> plan.database != null;
                    case SKELETON -> Files.exists(plan.skeleton.resolve("dev/downlink/bench/Skeleton.class"));
                    case MOSQUITTO -> Files.isExecutable(plan.mosquitto);
                };
    }

    private void measure(Contestant one, int round) throws IOException, InterruptedException {
        String name = one.name().toLowerCase(Locale.ROOT);
        Path directory = Files.createDirectories(plan.directory.resolve(name));
        String classPath = plan.skeleton + File.pathSeparator + System.getProperty("java.class.path");
        Contestant.Place place =
                new Contestant.Place(directory, classPath, plan.jvm, plan.mosquitto, plan.qos, plan.database, Map.of());
        try (Contestant.Ready ready = one.start(place)) {
            provision(ready);
            Fleet fleet = fleet(ready);
            fleet.open().await(2, TimeUnit.MINUTES);
            CommandBench bench = new CommandBench(vertx, loops, plan.series, progress);
            String label = name + " #" + round;
            List<CommandReport> own = reports.computeIfAbsent(one, _ -> new ArrayList<>());
            own.add(bench.run(label, ready.target(), ready.meter(), plan.load));
            own.add(bench.run(label, ready.target(), ready.meter(), ofOne()));
            fleet.close().await();
        } catch (TimeoutException e) {
            throw new IllegalStateException("not all devices could connect to the " + name, e);
        }
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

    /** The gateway over each of the others. */
    private String ratios() {
        Table table = new Table("gateway over", "server CPU/op", "ops/s", "p50 at one caller");
        for (Contestant other : List.of(Contestant.PAIR, Contestant.SKELETON, Contestant.MOSQUITTO)) {
            if (reports.containsKey(other)) {
                table.row(List.of(
                        other.name().toLowerCase(Locale.ROOT),
                        ratio(cpu(Contestant.GATEWAY), cpu(other)),
                        ratio(rate(Contestant.GATEWAY), rate(other)),
                        ratio(median(Contestant.GATEWAY), median(other))));
            }
        }
        return table.toString();
    }

    private static String ratio(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent()
                ? String.format(Locale.ROOT, "%.2f", a.getAsDouble() / b.getAsDouble())
                : "-";
    }

    private OptionalDouble cpu(Contestant one) {
        return many(one).mapToDouble(report -> report.cost().server()).average();
    }

    private OptionalDouble rate(Contestant one) {
        return many(one).mapToDouble(CommandReport::perSecond).average();
    }

    private OptionalDouble median(Contestant one) {
        return reports.getOrDefault(one, List.of()).stream()
                .filter(report -> report.plan().callers() == 1)
                .mapToDouble(report -> report.latency().p50())
                .average();
    }

    private Stream<CommandReport> many(Contestant one) {
        return reports.getOrDefault(one, List.of()).stream()
                .filter(report -> report.plan().callers() == plan.load.callers());
    }

    public JsonObject json() {
        JsonArray all = new JsonArray();
        reports.values().stream().flatMap(List::stream).forEach(report -> all.add(report.json()));
        return new JsonObject().put("qos", plan.qos).put("reports", all);
    }
}
