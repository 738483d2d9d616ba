// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.auth.VaultException;
import io.vertx.core.Future;

/** What the database knows of itself. */
final class SettingTable {
    private final Database database;

    SettingTable(Database database) {
        this.database = database;
    }

    /** The first key that comes is remembered; with any other one nothing here could be read. */
    Future<Void> checkKey(Vault vault) {
        return database.run(
                        "INSERT INTO setting (key, value) VALUES ('vault', $1) ON CONFLICT DO NOTHING",
                        vault.fingerprint())
                .compose(_ -> database.run("SELECT value FROM setting WHERE key = 'vault'"))
                .compose(rows -> {
                    String known = rows.iterator().next().getString(0);
                    return known.equals(vault.fingerprint())
                            ? Future.succeededFuture()
                            : Future.failedFuture(new VaultException("the database was sealed with the master key "
                                    + known + ", but the one configured is " + vault.fingerprint()));
                });
    }
}
