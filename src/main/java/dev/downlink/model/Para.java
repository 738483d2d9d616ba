// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named value of a product model: a parameter of a command, answer or event, and the value part of a property.
 *
 * @param min smallest number allowed, as the text that was given (1 to 16 characters)
 * @param max largest number allowed, likewise
 * @param step distance of allowed numbers, counted from {@code min} (from 0 without one); 0 means any
 */
public record Para(
        String name,
        DataType type,
        boolean required,
        List<String> enumList,
        @Nullable String min,
        @Nullable String max,
        @Nullable Integer maxLength,
        @Nullable Double step,
        @Nullable String unit,
        @Nullable String description) {
    private static final int MAX_SCALE = 400;

    public Para {
        enumList = List.copyOf(enumList);
        limit("min", min);
        limit("max", max);
        if (maxLength != null && maxLength < 0) {
            throw new InvalidField("max_length", "must not be negative");
        }
        if (step != null && (step < 0 || !Double.isFinite(step))) {
            throw new InvalidField("step", "must not be negative");
        }
        Text.optional("unit", unit, 16);
        Text.optional("description", description, 128);
    }

    /** Says what is wrong with a value, to complete the sentence "{path} …"; empty when it may be sent. */
    public Optional<String> complaint(@Nullable Object value) {
        if (value == null) {
            return required ? Optional.of("is mandatory") : Optional.empty();
        }
        if (!type.accepts(value)) {
            return Optional.of("must be of type " + type.spelling());
        }
        if (type.isNumber()) {
            return numberComplaint(DataType.number(value));
        }
        return value instanceof String text ? textComplaint(text) : Optional.empty();
    }

    private Optional<String> numberComplaint(BigDecimal number) {
        if (min != null && number.compareTo(new BigDecimal(min)) < 0) {
            return Optional.of("must not be less than " + min);
        }
        if (max != null && number.compareTo(new BigDecimal(max)) > 0) {
            return Optional.of("must not be greater than " + max);
        }
        if (step != null && step > 0 && !isOnStep(number, BigDecimal.valueOf(step))) {
            return Optional.of("must be a multiple of the step " + step);
        }
        return Optional.empty();
    }

    private boolean isOnStep(BigDecimal number, BigDecimal distance) {
        BigDecimal from = min == null ? BigDecimal.ZERO : new BigDecimal(min);
        return number.subtract(from).remainder(distance).signum() == 0;
    }

    private Optional<String> textComplaint(String text) {
        if (!enumList.isEmpty() && !enumList.contains(text)) {
            return Optional.of("must be one of " + enumList);
        }
        if (maxLength != null && maxLength > 0 && text.length() > maxLength) {
            return Optional.of("must not be longer than " + maxLength + " characters");
        }
        return Optional.empty();
    }

    private static void limit(String field, @Nullable String value) {
        if (value == null) {
            return;
        }
        if (value.isEmpty() || value.length() > 16) {
            throw new InvalidField(field, "must have 1 to 16 characters");
        }
        try {
            // arithmetic on a text such as 1e999999999 would fill the memory
            if (Math.abs((long) new BigDecimal(value).scale()) > MAX_SCALE) {
                throw new InvalidField(field, "must be within the range of a double");
            }
        } catch (NumberFormatException e) {
            throw new InvalidField(field, "must be a number");
        }
    }
}
