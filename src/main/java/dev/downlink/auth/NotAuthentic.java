// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

/** A proof that does not hold. Has no stack trace; the message is fit for the caller's eyes. */
public final class NotAuthentic extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotAuthentic(String why) {
        super(why, null, false, false);
    }

    /** Completes the sentence "Authentication failed: …". */
    public String why() {
        return String.valueOf(getMessage());
    }
}
