// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A product's id, unique inside its space. */
public record ProductId(String value) {
    public static final int MAX_LENGTH = 36;

    public ProductId {
        Text.identifier("product_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
