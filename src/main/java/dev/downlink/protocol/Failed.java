// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

/** Carries a {@link Failure} through futures and over the bus. It has no stack trace: a failure is an expected answer. */
public final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public Failed(Failure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
