// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A value that breaks a rule of the model; carries the field in the contract's spelling, and why. Has no stack trace. */
public final class InvalidField extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String why;

    public InvalidField(String field, String why) {
        super(field + " " + why, null, false, false);
        this.field = field;
        this.why = why;
    }

    public String field() {
        return field;
    }

    /** Completes the sentence "{field} …", for example "must not be longer than 64 characters". */
    public String why() {
        return why;
    }
}
