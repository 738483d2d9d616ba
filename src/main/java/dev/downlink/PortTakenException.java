// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

/** The gateway cannot listen where it should. Written for the operator: names setting, address and reason. */
public final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PortTakenException(String message) {
        super(message);
    }
}
