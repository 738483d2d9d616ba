// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Chore;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SessionRows;
import dev.downlink.protocol.SubDeviceRows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does all the time for the cluster: shows that it lives, clears up after nodes that do not, removes
 * registrations that nobody used, and has rules told of devices that stay away. One per node; belongs to one thread.
 */
final class Upkeep {
    private static final Logger LOGGER = LoggerFactory.getLogger(Upkeep.class);
    private static final int MAX_UNUSED = 500;
    private static final int MAX_ABSENT = 500;
    private static final int MAX_MOVES = 100;
    static final Duration FOR_EVER = Duration.ofDays(365);

    private final Bus bus;
    private final NodeIdentity node;
    private final Changes changes;
    private final Gateways gateways;
    private final InstantSource clock;
    private final Duration silence;
    private final Chore beat;
    private final Chore reap;
    private final Chore orphans;
    private final Chore unused;
    private final Chore absent;
    private final Chore moves;
    private final Suspects suspects;
    /** Before that others may be silent only because they were not yet listened to. */
    private final Instant listenedFrom;

    private Instant mayJudgeFrom = Instant.MIN;

    private boolean known;

    Upkeep(
            Vertx vertx,
            Bus bus,
            NodeIdentity node,
            Changes changes,
            Gateways gateways,
            InstantSource clock,
            Pace pace) {
        this.bus = bus;
        this.node = node;
        this.changes = changes;
        this.gateways = gateways;
        this.clock = clock;
        silence = pace.silence();
        listenedFrom = clock.instant().plus(silence);
        beat = new Chore(vertx, "heartbeat", pace.beat(), this::beat);
        reap = new Chore(vertx, "clearing of dead nodes", pace.reap(), this::reap);
        suspects = new Suspects(vertx, pace, this::reap);
        orphans = new Chore(vertx, "ending of orphaned sessions", pace.orphans(), this::endOrphans);
        unused = new Chore(vertx, "removal of unused registrations", pace.unused(), this::removeUnused);
        absent = new Chore(vertx, "telling of devices that stay away", pace.absent(), this::tellAbsent);
        moves = new Chore(vertx, "looking after moved sub-devices", pace.reap(), this::collectStragglers);
    }

    /** Completes when this node has shown itself and what an earlier life of it left behind is cleared; never fails. */
    Future<Void> start() {
        return beat.start()
                .compose(_ -> reap.start())
                .compose(_ -> orphans.start())
                .compose(_ -> unused.start())
                .compose(_ -> absent.start())
                .compose(_ -> moves.start());
    }

    /** Ends what is under way before the node is forgotten, since a late heartbeat would bring it back. */
    Future<Void> stop() {
        suspects.stop();
        return Future.join(
                        List.of(beat.stop(), reap.stop(), orphans.stop(), unused.stop(), absent.stop(), moves.stop()))
                .compose(_ -> bus.ask(new SessionRows.ForgetNode(node.id())))
                .onFailure(e -> LOGGER.warn("the sessions of this node were not handed back error={}", e.getMessage()))
                .otherwiseEmpty()
                .mapEmpty();
    }

    /**
     * When heartbeats do not reach the database, those of other nodes may not either. So after a failure of its own a node
     * gives the others time to be heard before it takes them for dead.
     */
    private Future<?> beat() {
        return bus.ask(new SessionRows.Beat(node.id(), node.name()))
                .onSuccess(this::beaten)
                .onFailure(_ -> mayJudgeFrom = clock.instant().plus(silence));
    }

    /** A node that hung, or had no way to the database, finds its sessions ended; its devices have to come again. */
    private void beaten(SessionRows.Beaten answer) {
        if (answer.first() && known) {
            LOGGER.warn("this node was taken for dead, its devices are sent away to connect again");
            bus.publishHere(new Notice.SessionsLost());
        }
        known = true;
    }

    /** A node left the cluster: it is dead, or only out of reach and still shows itself in the database. */
    void left(int lost) {
        suspects.add(lost);
    }

    private Future<Boolean> reap(int suspect, Duration silent) {
        if (clock.instant().isBefore(mayJudgeFrom)) {
            return Future.succeededFuture(false);
        }
        return bus.ask(new SessionRows.ReapNode(suspect, silent)).map(this::report);
    }

    private Future<?> reap() {
        // an earlier life of this node is over in any case
        Instant now = clock.instant();
        Duration patience = now.isBefore(mayJudgeFrom) || now.isBefore(listenedFrom) ? FOR_EVER : silence;
        return bus.ask(new SessionRows.ReapNodes(node.id(), node.name(), patience))
                .onSuccess(this::report);
    }

    @CanIgnoreReturnValue
    private boolean report(SessionRows.Reaped reaped) {
        if (reaped.nodes() > 0) {
            LOGGER.info("cleared nodes={} sessions={} of nodes that are gone", reaped.nodes(), reaped.sessions());
        }
        return reaped.nodes() > 0;
    }

    private Future<?> endOrphans() {
        return bus.ask(new SessionRows.EndOrphans()).onSuccess(ended -> {
            if (ended.sessions() > 0) {
                LOGGER.info("ended sessions={} of nodes that nobody knows", ended.sessions());
            }
        });
    }

    private Future<?> removeUnused() {
        return bus.ask(new DeviceRows.DeleteUnused(clock.instant(), MAX_UNUSED)).onSuccess(deleted -> {
            deleted.devices().forEach(changes::device);
            if (!deleted.devices().isEmpty()) {
                LOGGER.info("removed {} unused registrations", deleted.devices().size());
            }
        });
    }

    private Future<?> tellAbsent() {
        return bus.ask(new SessionRows.TellAbsent(MAX_ABSENT))
                .compose(told -> told.more() ? tellAbsent() : Future.succeededFuture());
    }

    private Future<?> collectStragglers() {
        return bus.ask(new SubDeviceRows.CollectStragglers(MAX_MOVES)).compose(collected -> {
            collected.connections().forEach(connection -> gateways.tell(connection, true));
            return collected.more() ? collectStragglers() : Future.succeededFuture();
        });
    }

    /**
     * @param silence after which a node without heartbeat counts as dead
     * @param absent between two looks for devices that stay away
     */
    record Pace(Duration beat, Duration reap, Duration silence, Duration orphans, Duration unused, Duration absent) {

        /** Without debounce there is nothing to look for but what an earlier setting left. */
        static Pace of(Settings.Status settings) {
            return new Pace(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    SessionRows.SILENCE,
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(1),
                    settings.debounce().isZero() ? Duration.ofMinutes(1) : Duration.ofSeconds(1));
        }
    }
}
