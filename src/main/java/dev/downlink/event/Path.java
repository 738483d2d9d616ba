// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.event.Expression.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The way to a part of an event, step by step; leads to NULL where a step has nowhere to go. */
final class Path {
    private final List<UnaryOperator<JsonNode>> steps = new ArrayList<>();

    /** In double quotes a whole path may stand, as the cloud's documentation has it for names with a hyphen. */
    @CanIgnoreReturnValue
    Path member(String name) {
        List<String> parts = List.of(name.split("\\.", -1));
        steps.add(node -> {
            JsonNode member = node.path(name);
            return parts.size() > 1 && member.isMissingNode() ? walk(node, parts) : member;
        });
        return this;
    }

    private static JsonNode walk(JsonNode from, List<String> names) {
        JsonNode at = from;
        for (String name : names) {
            at = at.path(name);
        }
        return at;
    }

    @CanIgnoreReturnValue
    Path element(int index) {
        steps.add(node -> node.path(index));
        return this;
    }

    Expression expression() {
        List<UnaryOperator<JsonNode>> all = List.copyOf(steps);
        return new Expression(ValueType.ANY, event -> {
            JsonNode at = event;
            for (UnaryOperator<JsonNode> step : all) {
                at = step.apply(at);
            }
            return Scalars.present(at);
        });
    }
}
