// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import static dev.downlink.event.Scalars.NULL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.downlink.event.Expression.ValueType;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What stands between values in a query. Unless said otherwise the outcome is NULL when one of the values is. */
final class Operators {
    private Operators() {}

    /** @param sign one of those that {@link QueryTokens} knows */
    static Expression comparison(String sign, Expression left, Expression right) {
        IntPredicate fits = fits(sign);
        return Expression.truth(event -> compared(left.of(event), right.of(event), fits));
    }

    private static IntPredicate fits(String sign) {
        return switch (sign) {
            case "=" -> order -> order == 0;
            case "<>", "!=" -> order -> order != 0;
            case "<" -> order -> order < 0;
            case "<=" -> order -> order <= 0;
            case ">" -> order -> order > 0;
            case ">=" -> order -> order >= 0;
            default -> throw new IllegalArgumentException(sign);
        };
    }

    private static JsonNode compared(JsonNode left, JsonNode right, IntPredicate fits) {
        Integer order = Scalars.compare(left, right);
        return order == null ? NULL : Scalars.truth(fits.test(order));
    }

    static Expression between(Expression value, Expression least, Expression most) {
        return and(List.of(comparison(">=", value, least), comparison("<=", value, most)));
    }

    /** NULL is not in it; what is not in it is NULL when it could not be compared with one of them. */
    static Expression in(Expression value, List<JsonNode> constants) {
        List<JsonNode> all = List.copyOf(constants);
        return Expression.truth(event -> in(value.of(event), all));
    }

    private static JsonNode in(JsonNode value, List<JsonNode> constants) {
        boolean unknown = false;
        for (JsonNode constant : constants) {
            Integer order = Scalars.compare(value, constant);
            if (order != null && order == 0) {
                return Scalars.truth(true);
            }
            unknown |= order == null;
        }
        return unknown ? NULL : Scalars.truth(false);
    }

    static Expression like(Expression value, Expression pattern) {
        return Expression.truth(event -> {
            String text = Scalars.text(value.of(event));
            String wanted = Scalars.text(pattern.of(event));
            return text == null || wanted == null ? NULL : Scalars.truth(Like.matches(text, wanted));
        });
    }

    /** Never NULL. */
    static Expression isNull(Expression value) {
        return Expression.truth(event -> Scalars.truth(Scalars.isNull(value.of(event))));
    }

    static Expression not(Expression value) {
        return Expression.truth(event -> {
            Boolean truth = Scalars.truth(value.of(event));
            return truth == null ? NULL : Scalars.truth(!truth);
        });
    }

    static Expression and(List<Expression> all) {
        return all.size() == 1 ? all.getFirst() : decided(all, false);
    }

    static Expression or(List<Expression> any) {
        return any.size() == 1 ? any.getFirst() : decided(any, true);
    }

    /** One value decides whatever the others are; without it NULL wins. */
    private static Expression decided(List<Expression> expressions, boolean decisive) {
        List<Expression> all = List.copyOf(expressions);
        return Expression.truth(event -> {
            boolean unknown = false;
            for (Expression one : all) {
                Boolean truth = Scalars.truth(one.of(event));
                if (truth != null && truth == decisive) {
                    return Scalars.truth(decisive);
                }
                unknown |= truth == null;
            }
            return unknown ? NULL : Scalars.truth(!decisive);
        });
    }

    /** @param sign {@code +}, {@code -}, {@code *}, {@code /} or {@code ||} */
    record Operand(String sign, Expression value) {}

    /** Worked out from left to right. */
    static Expression chain(Expression first, List<Operand> more) {
        if (more.isEmpty()) {
            return first;
        }
        List<Operand> rest = List.copyOf(more);
        ValueType type = rest.getLast().sign().equals("||") ? ValueType.TEXT : ValueType.NUMBER;
        return new Expression(type, event -> {
            JsonNode value = first.of(event);
            for (Operand operand : rest) {
                value = applied(operand.sign(), value, operand.value().of(event));
            }
            return value;
        });
    }

    private static JsonNode applied(String sign, JsonNode left, JsonNode right) {
        if (sign.equals("||")) {
            return concatenated(left, right);
        }
        Number a = Scalars.number(left);
        Number b = Scalars.number(right);
        if (a == null || b == null) {
            return NULL;
        }
        JsonNode exact = a instanceof Long && b instanceof Long ? exact(sign, a.longValue(), b.longValue()) : null;
        return exact == null ? Scalars.number(about(sign, a.doubleValue(), b.doubleValue())) : exact;
    }

    static JsonNode concatenated(JsonNode left, JsonNode right) {
        String a = Scalars.text(left);
        String b = Scalars.text(right);
        return a == null || b == null ? NULL : Scalars.text(a + b);
    }

    /** Null when the outcome is no whole number that there is room for. */
    private static @Nullable JsonNode exact(String sign, long a, long b) {
        try {
            return switch (sign) {
                case "+" -> Scalars.number(Math.addExact(a, b));
                case "-" -> Scalars.number(Math.subtractExact(a, b));
                case "*" -> Scalars.number(Math.multiplyExact(a, b));
                default -> b != 0 && a % b == 0 ? Scalars.number(Math.divideExact(a, b)) : null;
            };
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static double about(String sign, double a, double b) {
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            default -> a / b;
        };
    }

    static Expression negative(Expression value) {
        return chain(Expression.constant(ValueType.NUMBER, Scalars.number(0)), List.of(new Operand("-", value)));
    }
}
