// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.config.Settings;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Telemetry;
import dev.downlink.telemetry.Timings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of connections. Every wait has an end: for a connection, for a place in the queue, for a statement's answer. When the
 * database cannot be reached a call fails with {@link Failure.StorageUnavailable}, and the next one tries again. Belongs to
 * one verticle's thread.
 */
final class Database {
    private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);
    private static final int CONNECT_SECONDS = 2;
    private static final int CLOSE_SECONDS = 5;
    private static final int MAX_WAITING = 1000;
    private static final long GRACE_MILLIS = 1000;

    /** Connection lost, login refused, no such database, too many connections, cancelled, shutting down, standby. */
    private static final Set<String> UNAVAILABLE = Set.of("08", "28", "3D", "53", "57");

    /**
     * Plans are made once per connection, maybe while a table is still empty, and kept while it grows: so they always go by
     * index and row by row. That also keeps the order in which a batch touches its rows. (A bitmap would visit deleted rows
     * again and again; a plain index scan marks them.)
     */
    static final Map<String, String> PLANS = Map.of(
            "plan_cache_mode", "force_generic_plan",
            "enable_seqscan", "off",
            "enable_bitmapscan", "off",
            "enable_hashjoin", "off",
            "enable_mergejoin", "off",
            "random_page_cost", "1",
            "jit", "off");

    private static final String OK = "ok";
    private static final String FAILED = "failed";
    private static final String LOST = "unavailable";
    private static final String READ_ONLY = "25006";

    private final Pool pool;
    private final long patienceMillis;
    private final Timings<String> times;
    private final Level inHand;
    private boolean reachable = true;

    Database(Vertx vertx, Settings.Database settings) {
        Telemetry telemetry = Telemetry.of(vertx);
        times = telemetry.timings(MeterName.DATABASE_STATEMENTS, outcome -> outcome);
        inHand = telemetry.level(MeterName.DATABASE_IN_HAND);
        PgConnectOptions options = ConnectOptions.of(settings);
        long timeout = settings.statementTimeout().toMillis();
        options.getProperties().put("statement_timeout", Long.toString(timeout));
        options.getProperties().putAll(PLANS);
        patienceMillis = timeout + GRACE_MILLIS;
        pool = PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(settings.poolSize())
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setConnectionTimeout(CONNECT_SECONDS)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .with(new NetClientOptions()
                        .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(CONNECT_SECONDS))
                        .setTcpKeepAlive(true)
                        .setTcpUserTimeout((int) patienceMillis))
                .connectingTo(options)
                .using(vertx)
                .build();
        telemetry.gauge(MeterName.DATABASE_CONNECTIONS, pool::size);
    }

    /** Runs one statement. */
    Future<RowSet<Row>> run(String sql, @Nullable Object... parameters) {
        return guard(pool.withConnection(connection -> run(connection, sql, parameters)));
    }

    /** A statement of a {@link #transaction}. */
    static Future<RowSet<Row>> run(SqlConnection connection, String sql, @Nullable Object... parameters) {
        return connection.preparedQuery(sql).execute(Tuple.wrap(parameters));
    }

    <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return guard(pool.withTransaction(work));
    }

    /** Ends in any case: the pool itself may never say that it is closed when somebody still waited for a connection. */
    Future<Void> close() {
        return pool.close()
                .timeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .onFailure(e -> LOGGER.warn("cannot close the connections error={}", e.toString()))
                .otherwiseEmpty();
    }

    private <T> Future<T> guard(Future<T> work) {
        long begun = System.nanoTime();
        inHand.up();
        return work.timeout(patienceMillis, TimeUnit.MILLISECONDS).transform(result -> {
            boolean lost = result.failed() && isUnavailable(result.cause());
            inHand.down();
            times.record(result.succeeded() ? OK : lost ? LOST : FAILED, System.nanoTime() - begun);
            note(lost, result.cause());
            return lost ? Future.failedFuture(new Failed(new Failure.StorageUnavailable())) : work;
        });
    }

    /** Once when it goes and once when it comes back, not at every call. */
    private void note(boolean lost, @Nullable Throwable why) {
        if (lost && reachable && why != null) {
            LOGGER.warn("database unavailable error={}", why.getMessage());
        } else if (!lost && !reachable) {
            LOGGER.info("database available again");
        }
        reachable = !lost;
    }

    private static boolean isUnavailable(Throwable e) {
        return switch (e) {
            case PgException pg -> isUnavailable(pg.getSqlState());
            case ClosedConnectionException _, IOException _, TimeoutException _ -> true;
            // the pool's own words for: queue full, waited too long, closed
            case VertxException _ -> true;
            // likewise, of a wait for a connection
            default -> "Timeout".equals(e.getMessage());
        };
    }

    private static boolean isUnavailable(String state) {
        return UNAVAILABLE.contains(state.substring(0, 2)) || state.equals(READ_ONLY);
    }
}
