// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * The only door to the database. Its connections and batches belong to one instance and its thread; there may be several
 * instances, each with a pool of its own. Does not start when the database was sealed with another master key.
 */
public final class RepositoryVerticle extends VerticleBase {
    /** Of all kinds together; a connect storm waits here in batches. */
    private static final int MAX_IN_HAND = 32_768;

    private static final int MAX_WAITING_PER_STATEMENT = 8_192;

    /** While one commits, the next is worked on; two keep a statement busy (docs/performance.md). */
    private static final int BATCHES_IN_FLIGHT = 1;

    private static final int START_ATTEMPTS = 10;
    private static final long START_PAUSE_MILLIS = 200;

    private final Settings settings;
    private final Vault vault;
    private @Nullable Database database;

    /** @param settings with a database URI */
    public RepositoryVerticle(Settings settings, Vault vault) {
        this.settings = settings;
        this.vault = vault;
    }

    @Override
    public Future<?> start() {
        Database opened = new Database(vertx, settings.database());
        database = opened;
        Tables tables = Tables.of(opened, settings, vault, batching(settings.database(), Telemetry.of(vertx)));
        return reach(new SettingTable(opened), START_ATTEMPTS)
                .compose(_ -> Bus.of(vertx)
                        .answer(Address.REPOSITORY, RepositoryRequest.class, MAX_IN_HAND, q -> tables.answer(q)))
                .recover(e -> opened.close().transform(_ -> Future.failedFuture(e)));
    }

    private static Batching batching(Settings.Database settings, Telemetry telemetry) {
        return settings.groupCommit()
                ? new Batching(settings.batchSize(), MAX_WAITING_PER_STATEMENT, BATCHES_IN_FLIGHT, telemetry)
                : new Batching(1, MAX_WAITING_PER_STATEMENT, settings.poolSize(), telemetry);
    }

    /** A busy machine may need longer for the very first connection than later calls have patience. */
    private Future<Void> reach(SettingTable table, int attempts) {
        return table.checkKey(vault)
                .recover(e -> isUnavailable(e) && attempts > 1
                        ? vertx.timer(START_PAUSE_MILLIS).compose(_ -> reach(table, attempts - 1))
                        : Future.failedFuture(e));
    }

    private static boolean isUnavailable(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.StorageUnavailable;
    }

    @Override
    public Future<?> stop() {
        return database == null ? Future.succeededFuture() : database.close();
    }
}
