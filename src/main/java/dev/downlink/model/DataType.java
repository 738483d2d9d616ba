// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The value types of a product model (northbound §1.1), with the JSON shape that each of them takes. */
public enum DataType {
    INT("int"),
    LONG("long"),
    DECIMAL("decimal"),
    STRING("string"),
    DATE_TIME("DateTime"),
    JSON_OBJECT("jsonObject"),
    ENUM("enum"),
    BOOLEAN("boolean"),
    STRING_LIST("string list");

    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private final String spelling;

    DataType(String spelling) {
        this.spelling = spelling;
    }

    public static Optional<DataType> of(String spelling) {
        for (DataType type : values()) {
            if (type.spelling.equals(spelling)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** As the contract writes it. */
    public String spelling() {
        return spelling;
    }

    public boolean isNumber() {
        return this == INT || this == LONG || this == DECIMAL;
    }

    /** Whether a JSON value, as plain Java types, is of this type. */
    public boolean accepts(Object value) {
        return switch (this) {
            case INT -> value instanceof Integer;
            case LONG -> isLong(value);
            case DECIMAL -> value instanceof Number;
            case STRING, ENUM -> value instanceof String;
            case DATE_TIME ->
                value instanceof String text && Timestamps.parseCompact(text).isPresent();
            case JSON_OBJECT -> value instanceof Map<?, ?>;
            case BOOLEAN -> value instanceof Boolean;
            case STRING_LIST -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
        };
    }

    private static boolean isLong(Object value) {
        return switch (value) {
            case Integer _, Long _ -> true;
            case BigInteger big -> big.compareTo(MIN_LONG) >= 0 && big.compareTo(MAX_LONG) <= 0;
            default -> false;
        };
    }

    static BigDecimal number(Object value) {
        return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }
}
