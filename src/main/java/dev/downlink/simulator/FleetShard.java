// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The devices of one event loop. One sweep a second pings and churns them, so that no device has a timer of its own. All
 * state belongs to that loop.
 */
final class FleetShard {
    private static final int TICKS_PER_SECOND = 20;
    private static final long COME_BACK_MILLIS = 1000;

    private final Vertx vertx;
    private final Context context;
    private final Surroundings all;
    private final RandomGenerator random;
    private final List<FleetDevice> devices = new ArrayList<>();
    private final Deque<FleetDevice> waiting = new ArrayDeque<>();
    private final Promise<Void> everyoneCame = Promise.promise();
    private final double connectsPerTick;
    private final int maxConnecting;

    // from the beginning on
    private List<NetClient> clients = List.of();
    private long ticker;
    // changing
    private double budget;
    private double churnDue;
    private int connecting;
    private int missing;
    private int seconds;
    private int ticks;
    private boolean closed;

    /** What all shards have in common. */
    record Surroundings(
            DeviceSeries series,
            FleetPlan plan,
            InstantSource clock,
            FleetCounts counts,
            LongConsumer connectNanos,
            Inbox inbox) {}

    FleetShard(Vertx vertx, Context context, Surroundings all, int shard, int shards) {
        this.vertx = vertx;
        this.context = context;
        this.all = all;
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(shard);
        for (int i = shard; i < all.series.count(); i += shards) {
            boolean mqtt5 = random.nextDouble() < all.plan.mqtt5();
            devices.add(new FleetDevice(this, all.series.device(i), mqtt5));
        }
        missing = devices.size();
        connectsPerTick = all.plan.connectsPerSecond() / shards / TICKS_PER_SECOND;
        maxConnecting = Math.max(1, all.plan.maxConnecting() / shards);
    }

    /** May be called from any thread, as {@link #end()}. */
    Future<Void> begin() {
        return EventLoops.on(context, this::open);
    }

    Future<Void> end() {
        return EventLoops.on(context, this::close);
    }

    private List<NetClient> createClients() {
        return all.plan.localAddresses().isEmpty()
                ? List.of(vertx.createNetClient(options()))
                : all.plan.localAddresses().stream()
                        .map(address -> vertx.createNetClient(options().setLocalAddress(address)))
                        .toList();
    }

    private NetClientOptions options() {
        boolean tls = all.plan.gate().tls();
        return new NetClientOptions()
                .setConnectTimeout(20_000)
                .setReconnectAttempts(0)
                .setSsl(tls)
                .setTrustAll(tls)
                .setHostnameVerificationAlgorithm("");
    }

    private Future<Void> open() {
        clients = createClients();
        waiting.addAll(devices);
        ticker = vertx.setPeriodic(1000 / TICKS_PER_SECOND, _ -> tick());
        finishWhenAllCame();
        connectNext();
        return everyoneCame.future();
    }

    private Future<Void> close() {
        closed = true;
        waiting.clear();
        boolean _ = vertx.cancelTimer(ticker);
        return Future.join(devices.stream().map(FleetDevice::leave).toList())
                .transform(
                        _ -> Future.join(clients.stream().map(NetClient::close).toList()))
                .mapEmpty();
    }

    /** May be called from any thread. */
    void report(int device, Heard heard) {
        if (context.equals(Vertx.currentContext())) {
            devices.get(device).report(heard);
        } else {
            context.runOnContext(_ -> devices.get(device).report(heard));
        }
    }

    // ---- for its devices

    Surroundings all() {
        return all;
    }

    Vertx vertx() {
        return vertx;
    }

    RandomGenerator random() {
        return random;
    }

    NetClient client() {
        return clients.get(random.nextInt(clients.size()));
    }

    boolean isClosed() {
        return closed;
    }

    /** Since it was opened. */
    int seconds() {
        return seconds;
    }

    void connected(FleetDevice device, boolean firstTime, long nanos) {
        connecting--;
        all.counts.connects.increment();
        all.counts.connected.increment();
        all.connectNanos.accept(nanos);
        if (firstTime) {
            missing--;
            finishWhenAllCame();
        }
        connectNext();
    }

    void refused(FleetDevice device, String reason) {
        connecting--;
        all.counts.refused(reason);
        comeBack(device, COME_BACK_MILLIS);
        connectNext();
    }

    void lost(FleetDevice device, boolean onPurpose) {
        all.counts.connected.decrement();
        if (!onPurpose) {
            all.counts.lost.increment();
        }
        comeBack(device, onPurpose ? 0 : COME_BACK_MILLIS);
    }

    private void comeBack(FleetDevice device, long pause) {
        if (closed) {
            return;
        }
        if (pause == 0) {
            waiting.add(device);
            connectNext();
            return;
        }
        long _ = vertx.setTimer(pause + random.nextLong(pause), _ -> comeBack(device, 0));
    }

    // ---- its own clock

    private void tick() {
        ticks++;
        budget = Math.min(budget + connectsPerTick, Math.max(1, connectsPerTick * TICKS_PER_SECOND));
        connectNext();
        if (ticks % TICKS_PER_SECOND == 0) {
            seconds++;
            ping();
            report();
            churn();
        }
    }

    private void connectNext() {
        while (connecting < maxConnecting && mayConnect()) {
            FleetDevice next = waiting.poll();
            if (next == null || closed) {
                return;
            }
            budget--;
            connecting++;
            next.connect();
        }
    }

    private boolean mayConnect() {
        return connectsPerTick == 0 || budget >= 1;
    }

    /** Each device in turn, so that the pings of a period are spread over it. */
    private void ping() {
        int period = Math.max(1, all.plan.keepAlive() / 2);
        for (int i = seconds % period; i < devices.size(); i += period) {
            devices.get(i).ping();
        }
    }

    /** Likewise; what was not acknowledged for long counts as lost. */
    private void report() {
        devices.forEach(device -> device.expireReports(seconds));
        int period = all.plan.reportEvery();
        for (int i = period == 0 ? devices.size() : seconds % period; i < devices.size(); i += period) {
            devices.get(i).report(Heard.NOBODY);
        }
    }

    private void churn() {
        churnDue += all.plan.churnPerSecond() * devices.size();
        for (; churnDue >= 1; churnDue--) {
            devices.get(random.nextInt(devices.size())).drop();
        }
    }

    private void finishWhenAllCame() {
        if (missing == 0) {
            boolean _ = everyoneCame.tryComplete();
        }
    }
}
