// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.Gateway;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.Behaviour;
import dev.downlink.simulator.Delay;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.EventLoops;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.Provisioning;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestSettings;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Short benches against a real gateway: what is counted, not how fast it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchIT {
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final DeviceSeries SERIES =
            new DeviceSeries(new ProductId("bench"), 20, new Secret("a-device-secret"));

    private final Vertx vertx = Vertx.vertx();
    private List<Context> loops;
    private Gateway gateway;
    private Northbound.Gate http;
    private Authority key;

    @BeforeAll
    void start(@TempDir Path dataDir) {
        gateway = Gateway.start(TestSettings.of(
                "DATA_DIR", dataDir.toString(),
                "DATABASE_URI", TestDatabase.fresh().value(),
                "HTTP_PORT", "0",
                "MQTT_PORT", "0",
                "BOOTSTRAP_PROJECT", PROJECT.value(),
                "BOOTSTRAP_ACCESS_KEY", "AK",
                "BOOTSTRAP_SECRET_KEY", "a-secret-key-for-benches"));
        loops = EventLoops.take(vertx, 2).await();
        http = new Northbound.Gate("127.0.0.1", gateway.ports().get("http"));
        key = new Authority.Key("AK", new Secret("a-secret-key-for-benches"), http.authority(), InstantSource.system());
        assertThat(provision()).isEqualTo(SERIES.count());
    }

    @AfterAll
    void stop() {
        vertx.close().await();
        gateway.close();
    }

    @Test
    void whatIsThereIsNotMadeAgain() {
        assertThat(provision()).isZero();
    }

    @Test
    void everyCommandIsAnswered() throws InterruptedException {
        CommandReport report = commands(0, Behaviour.GOOD);

        assertThat(report.outcomes()).containsOnlyKeys(Line.OK);
        assertThat(report.latency().count())
                .isPositive()
                .isEqualTo(report.outcomes().get(Line.OK));
        assertThat(report.slices().stream()
                        .mapToLong(slice -> slice.latency().count())
                        .sum())
                .isEqualTo(report.latency().count());
    }

    @Test
    void aFixedRateSendsWhatItSays() throws InterruptedException {
        CommandReport report = commands(100, Behaviour.GOOD);

        assertThat(report.outcomes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isBetween(99L, 101L);
    }

    @Test
    void errorsOfDevicesAreCounted() throws InterruptedException {
        CommandReport report = commands(0, new Behaviour(0, 0, 0, 1, Delay.parse("none"), Duration.ZERO));

        assertThat(report.outcomes()).containsOnlyKeys("device error");
    }

    @Test
    void everyReportIsAcknowledged() throws InterruptedException {
        Fleet fleet = Fleet.of(vertx, loops, SERIES, devices(Behaviour.GOOD), InstantSource.system(), _ -> {});
        fleet.open().await();
        try {
            LoadPlan plan = new LoadPlan(4, 0, Duration.ofMillis(100), Duration.ofSeconds(1));

            CommandReport report = new CommandBench(vertx, loops, SERIES, _ -> {})
                    .run("reports", new Target.Reports(fleet), Meter.BLIND, plan);

            assertThat(report.outcomes()).containsOnlyKeys(Line.OK);
            assertThat(fleet.read().reports())
                    .isGreaterThanOrEqualTo(report.outcomes().get(Line.OK));
            assertThat(fleet.read().unheard()).isZero();
        } finally {
            fleet.close().await();
        }
    }

    @Test
    void connectsAreCounted() throws InterruptedException {
        ConnectBench bench = new ConnectBench(vertx, loops, _ -> {});

        ConnectBench.Report report = bench.run("gateway", SERIES, devices(Behaviour.GOOD), Meter.BLIND, Duration.ZERO);

        assertThat(report.latency().count()).isEqualTo(SERIES.count());
        assertThat(report.counts().refused()).isEmpty();
        assertThat(report.counts().lost()).isZero();
    }

    @Test
    void everyEventIsPushedOnceAndInOrder(@TempDir Path directory) throws Exception {
        LoadPlan online = new LoadPlan(4, 50, Duration.ofMillis(100), Duration.ofSeconds(1));
        PushBench.Plan plan = new PushBench.Plan(SERIES, 5, online, directory, List.of("-Xmx256m"));

        PushReport report = new PushBench(vertx, loops, plan, _ -> {}).run();

        assertThat(report.isClean()).as(report.table()).isTrue();
        assertThat(report.json().getInteger("events")).isGreaterThan(SERIES.count() * 5);
        assertThat(report.json().getInteger("lost")).isZero();
        assertThat(report.json().getInteger("twice")).isZero();
    }

    private int provision() {
        Northbound north = new Northbound(vertx, http, PROJECT, key);
        return new Provisioning(north, SERIES).run().eventually(north::close).await();
    }

    private CommandReport commands(double rate, Behaviour behaviour) throws InterruptedException {
        Fleet fleet = Fleet.of(vertx, loops, SERIES, devices(behaviour), InstantSource.system(), _ -> {});
        fleet.open().await();
        try {
            Target target = Target.Gateway.ofCommands(http, PROJECT, key);
            LoadPlan plan = new LoadPlan(4, rate, Duration.ofMillis(100), Duration.ofSeconds(1));
            return new CommandBench(vertx, loops, SERIES, _ -> {}).run("gateway", target, Meter.BLIND, plan);
        } finally {
            fleet.close().await();
        }
    }

    private FleetPlan devices(Behaviour behaviour) {
        FleetPlan.Gate gate = new FleetPlan.Gate("127.0.0.1", gateway.ports().get("mqtt"), false);
        return new FleetPlan(gate, List.of(), 0.5, 60, -1, 0, 8, 0, 0, Dialect.GATEWAY, behaviour);
    }
}
