// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.function.Function;

/** The constraints that a statement may run into. */
enum Violation {
    UNIQUE("23505"),
    NOT_NULL("23502"),
    FOREIGN_KEY("23503");

    private final String state;

    Violation(String state) {
        this.state = state;
    }

    boolean is(Throwable e) {
        return e instanceof PgException pg && pg.getSqlState().equals(state);
    }

    <T> Future<T> means(Failure failure, Future<T> work) {
        return means(_ -> failure, work);
    }

    /** @param failure made of the constraint's name */
    <T> Future<T> means(Function<String, Failure> failure, Future<T> work) {
        return work.recover(e -> e instanceof PgException pg && pg.getSqlState().equals(state)
                ? Future.failedFuture(new Failed(failure.apply(pg.getConstraint())))
                : Future.failedFuture(e));
    }
}
