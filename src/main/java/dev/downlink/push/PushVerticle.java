// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Chore;
import dev.downlink.bus.Deadlines;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.event.Query;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.PushRequest;
import dev.downlink.protocol.PushRows.LeavePushers;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what happened to the applications that asked for it. The instances of all nodes share out the lanes of all outlets among
 * them; only the one that has a lane reads, sends and deletes what is in it.
 */
public final class PushVerticle extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(PushVerticle.class);
    private static final int MAX_IN_HAND = 1000;
    private static final Duration SHARING = Duration.ofSeconds(2);
    private static final Duration RELOADING = Duration.ofMinutes(1);
    private static final Duration NOTING = Duration.ofSeconds(2);
    private static final Duration SWEEPING = Duration.ofSeconds(10);
    private static final Duration CLEARING = Duration.ofMinutes(5);
    private static final Duration DRAINING = Duration.ofSeconds(5);

    private final Settings settings;
    private final Holdings.Self self;
    private final Ports ports;
    private final AmqpDoors doors;
    private final InstantSource clock;
    private final Map<Integer, Pump> pumps = new LinkedHashMap<>();
    private final List<Chore> chores = new ArrayList<>();
    private Bus bus;
    private Deadlines deadlines;
    private Endings endings;
    private Notes notes;
    private Reader reader;
    private Holdings holdings;
    private Tools tools;
    private Trials trials;
    private AmqpDoor door;
    private boolean isReloading;
    private boolean isReloadWanted;

    private PushVerticle(Settings settings, Holdings.Self self, Ports ports, AmqpDoors doors, InstantSource clock) {
        this.settings = settings;
        this.self = self;
        this.ports = ports;
        this.doors = doors;
        this.clock = clock;
    }

    /** Makes the instances of one node, which share its ports for consumers of queues. */
    public static Supplier<PushVerticle> instances(Settings settings, NodeIdentity node, Ports ports) {
        AtomicInteger next = new AtomicInteger();
        AmqpDoors doors = new AmqpDoors(settings.amqp().maxConnections());
        return () -> new PushVerticle(
                settings, new Holdings.Self(node.id(), next.getAndIncrement()), ports, doors, InstantSource.system());
    }

    @Override
    public Future<?> start() {
        bus = Bus.of(vertx);
        deadlines = new Deadlines(System::nanoTime);
        PushMeters meters = new PushMeters(Telemetry.of(vertx));
        notes = new Notes(bus, clock);
        endings = new Endings(vertx, bus, settings.push().maxDeadLetters(), clock, this::runAll);
        door = new AmqpDoor(vertx, settings, ports, doors, new StoredDirectory(bus), clock);
        Sinks sinks = new ChannelSinks(vertx, settings, AddressFence.of(settings), deadlines, clock, door);
        tools = new Tools(settings.push(), sinks, endings, notes, meters, deadlines::now);
        trials = new Trials(sinks, doors, deadlines::now);
        reader = new Reader(vertx, bus, pumps);
        holdings = new Holdings(
                vertx, bus, self, endings, pumps, queue -> door.attended().contains(queue), this::pump);
        door.listen(this::attended);
        chores(meters);
        var _ = vertx.setPeriodic(Deadlines.TICK.toMillis(), _ -> tick());
        return Future.all(
                        bus.answer(Address.PUSH, PushRequest.class, MAX_IN_HAND, this::answer),
                        bus.hear(Notice.RulesChanged.class, _ -> reload()),
                        bus.hear(Notice.EventsStored.class, stored -> reader.stored(stored.settled())),
                        bus.hear(Notice.SessionsLost.class, _ -> holdings.lose()))
                .onSuccess(_ -> chores.forEach(chore -> {
                    var _ = chore.start();
                }))
                .compose(_ -> door.open());
    }

    /** One instance of a node does what is to be done once. */
    private void chores(PushMeters meters) {
        chores.add(new Chore(vertx, "sharing out of outlets", SHARING, holdings::share));
        chores.add(new Chore(vertx, "reading of rules", RELOADING, this::reloadAndShare));
        chores.add(new Chore(vertx, "noting what was sent", NOTING, notes::flush));
        if (self.instance() == 0) {
            Sweeper sweeper = new Sweeper(bus, meters, clock, holdings::outlets);
            chores.add(new Chore(vertx, "looking for events", Watch.PACE, new Watch(bus, deadlines::now)::look));
            chores.add(new Chore(vertx, "sweeping of backlogs", SWEEPING, sweeper::sweep));
            chores.add(new Chore(vertx, "clearing of outlets that are gone", CLEARING, sweeper::collectOrphans));
            chores.add(new Chore(
                    vertx,
                    "measuring of backlogs",
                    SWEEPING,
                    new BacklogGauges(bus, meters, clock, holdings::outlets)::refresh));
        }
    }

    private Answer<?> answer(PushRequest<?> request) {
        return switch (request) {
            case PushRequest.CheckQuery q -> {
                var _ = Query.parse(q.select(), q.where());
                yield Answer.to(q, Done.DONE);
            }
            case PushRequest.ProbeChannel q -> Answer.to(q, trials.probe(q));
            case PushRequest.SendSample q -> Answer.to(q, trials.send(q));
        };
    }

    private Pump pump(Outlet outlet) {
        return new Pump(outlet, tools, reader::want, lane -> holdings.emptied(lane.key), this::reload);
    }

    private void tick() {
        deadlines.expire();
        new ArrayList<>(pumps.values()).forEach(Pump::tick);
    }

    private void runAll() {
        new ArrayList<>(pumps.values()).forEach(Pump::run);
        reader.want();
    }

    /** Consumers of a queue have come here, or gone: it is for others, or for this instance, to send its events. */
    private void attended() {
        holdings.share()
                .onSuccess(_ -> reader.want())
                .onFailure(e -> LOGGER.debug("outlets cannot be shared out error={}", e.getMessage()));
    }

    /** Once for all that ask while it is done, and then once more. */
    private void reload() {
        if (isReloading) {
            isReloadWanted = true;
            return;
        }
        isReloading = true;
        reloadAndShare().onComplete(result -> {
            isReloading = false;
            if (result.failed()) {
                LOGGER.debug("rules cannot be read error={}", result.cause().getMessage());
            }
            if (isReloadWanted) {
                isReloadWanted = false;
                reload();
            }
        });
    }

    private Future<?> reloadAndShare() {
        return holdings.reload().compose(_ -> holdings.share()).onSuccess(_ -> reader.want());
    }

    /** What is under way may end for a while; what does not, and what waits, is left for others. */
    @Override
    public Future<?> stop() {
        holdings.stop();
        reader.stop();
        pumps.values().forEach(Pump::stop);
        return Future.join(chores.stream().map(Chore::stop).toList())
                .transform(_ -> inTime(Future.join(door.close(), closePumps())))
                .transform(_ -> inTime(endings.flush()))
                .transform(_ -> notes.flush())
                .transform(_ -> bus.ask(new LeavePushers(self.node(), self.instance())))
                .otherwiseEmpty();
    }

    private Future<?> closePumps() {
        return Future.join(pumps.values().stream().map(Pump::close).toList());
    }

    private static Future<?> inTime(Future<?> work) {
        return work.timeout(DRAINING.toMillis(), TimeUnit.MILLISECONDS);
    }
}
