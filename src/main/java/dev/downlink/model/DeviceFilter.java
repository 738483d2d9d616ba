// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;

/**
 * Which devices a search or a dynamic group means: those that fit one of the alternatives; all when there is none
 * (northbound §1.5).
 */
public record DeviceFilter(List<Alternative> anyOf) {
    public static final DeviceFilter ALL = new DeviceFilter(List.of());

    public DeviceFilter {
        anyOf = List.copyOf(anyOf);
    }

    /**
     * Reads a dynamic group's rule: the conditions of a search without the rest of it. Other groups cannot be part of a rule.
     *
     * @throws InvalidField for {@code dynamic_group_rule}, saying what is not understood and where
     */
    public static DeviceFilter parse(String rule) {
        return new SearchParser("dynamic_group_rule", rule).rule();
    }

    /** The values that a field is compared with, of all conditions on it. */
    public List<String> valuesOf(SearchField field) {
        return anyOf.stream()
                .flatMap(alternative -> alternative.conditions().stream())
                .filter(condition -> condition.field() == field)
                .flatMap(condition -> condition.values().stream())
                .distinct()
                .toList();
    }

    /** Conditions that have to hold together. */
    public record Alternative(List<Condition> conditions) {
        public Alternative {
            conditions = List.copyOf(conditions);
        }
    }

    /** @param values one; several for IN and NOT_IN. Of LIKE the beginning, without the {@code %} */
    public record Condition(SearchField field, SearchField.Operator operator, List<String> values) {
        public Condition {
            values = List.copyOf(values);
        }

        public String value() {
            return values.getFirst();
        }
    }
}
