// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

/** The master key is missing or wrong, or something that was sealed cannot be opened. Written for the operator. */
public final class VaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VaultException(String message) {
        super(message);
    }

    public VaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
