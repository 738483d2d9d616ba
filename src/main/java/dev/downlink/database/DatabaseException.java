// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

/** The database cannot be started, reached or migrated; the message is written for the operator. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseException(String message) {
        super(message);
    }

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
