// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.auth.MasterKey;
import dev.downlink.auth.Vault;
import dev.downlink.config.Settings;
import dev.downlink.database.DatabaseException;
import dev.downlink.database.EmbeddedDatabase;
import dev.downlink.database.Migrations;
import dev.downlink.model.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database, ready for the rooms: started when it is the embedded one, up to date, and with the key to its secrets. */
public final class Storage implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Storage.class);

    private final Settings settings;
    private final @Nullable EmbeddedDatabase embedded;
    private final Secret uri;

    private Storage(Settings settings, @Nullable EmbeddedDatabase embedded, Secret uri) {
        this.settings = settings;
        this.embedded = embedded;
        this.uri = uri;
    }

    /** For the gateway, which owns the embedded server. Blocks, as all methods here do. */
    static Storage own(Settings settings) {
        return open(settings, EmbeddedDatabase::start);
    }

    /** For commands, which use the embedded server of a running gateway if there is one. */
    public static Storage join(Settings settings) {
        return open(settings, EmbeddedDatabase::join);
    }

    private static Storage open(Settings settings, Function<Path, EmbeddedDatabase> starting) {
        Secret given = settings.database().uri();
        if (given != null) {
            return new Storage(settings, null, given);
        }
        EmbeddedDatabase embedded = starting.apply(settings.dataDir());
        return new Storage(settings, embedded, embedded.uri());
    }

    /** Brings the schema up to date, or insists that somebody did. */
    public Storage ready() {
        if (settings.database().migrate()) {
            int _ = migrate();
            return this;
        }
        int pending = migrations().pending();
        if (pending > 0) {
            throw new DatabaseException(
                    "the database lacks " + pending + " migrations and database.migrate is off: run `migrate` first");
        }
        return this;
    }

    /** Returns how many steps were made. */
    public int migrate() {
        int steps = migrations().migrate();
        if (steps > 0) {
            LOGGER.info("brought the database up to date in {} steps", steps);
        }
        return steps;
    }

    /** The settings with the address of the database that is really used. */
    public Settings settings() {
        return settings.withDatabaseUri(uri);
    }

    public Vault vault() {
        return MasterKey.vault(settings);
    }

    /** The port of the embedded server. */
    Optional<Integer> port() {
        return embedded == null
                ? Optional.empty()
                : Optional.of(URI.create(uri.value()).getPort());
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }

    private Migrations migrations() {
        return Migrations.of(settings().database());
    }
}
