// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A JSON value that the gateway passes on as it came. Whoever makes one has checked that the text is valid JSON. */
public record Json(String text) {
    public static final Json NULL = new Json("null");

    @Override
    public String toString() {
        return "Json[" + text.length() + " characters]";
    }
}
