// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.config.Settings;
import dev.downlink.model.Secret;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Brings a database's schema up to date. Several processes may do so at once: one does it, the others wait. */
public final class Migrations {
    private final JdbcAddress address;

    /** @param password wins over the one in the URI */
    public Migrations(Secret uri, @Nullable Secret password) {
        address = JdbcAddress.of(uri, password);
    }

    /** @throws DatabaseException when the settings have no URI */
    public static Migrations of(Settings.Database settings) {
        Secret uri = settings.uri();
        if (uri == null) {
            throw new DatabaseException("there is no database URI");
        }
        return new Migrations(uri, settings.password());
    }

    /** Returns how many steps were made. */
    @CanIgnoreReturnValue
    public int migrate() {
        return run(flyway -> flyway.migrate().migrationsExecuted);
    }

    /** How many steps {@link #migrate} would make. */
    public int pending() {
        return run(flyway -> flyway.info().pending().length);
    }

    private <T> T run(Function<Flyway, T> work) {
        try {
            return work.apply(Flyway.configure()
                    .dataSource(
                            address.url(),
                            address.user(),
                            address.password() == null
                                    ? null
                                    : address.password().value())
                    .locations("classpath:db/migration")
                    .loggers("slf4j")
                    .load());
        } catch (FlywayException e) {
            throw new DatabaseException("cannot bring the database up to date: " + firstLine(e), e);
        }
    }

    /** The driver's own words, when it has some: Flyway's are a page long. */
    private static String firstLine(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message);
    }
}
