// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.event.Expression.ValueType;
import dev.downlink.event.Operators.Operand;
import dev.downlink.event.QueryTokens.Kind;
import dev.downlink.event.QueryTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Reads the values of a query: sums of constants, paths and functions. */
final class ValueParser {
    private final QueryCursor at;
    private final Supplier<Expression> inside;

    /** @param inside reads what stands in parentheses */
    ValueParser(QueryCursor at, Supplier<Expression> inside) {
        this.at = at;
        this.inside = inside;
    }

    Expression sum() {
        Token place = at.peek();
        Expression first = product();
        List<Operand> more = new ArrayList<>();
        while (at.peek().isSign("+") || at.peek().isSign("-") || at.peek().isSign("||")) {
            Token sign = at.take();
            Token value = at.peek();
            more.add(new Operand(sign.text(), operand(sign, product(), value)));
            Expression _ = operand(sign, first, place);
        }
        return Operators.chain(first, more);
    }

    private Expression product() {
        Token place = at.peek();
        Expression first = factor();
        List<Operand> more = new ArrayList<>();
        while (at.peek().isSign("*") || at.peek().isSign("/")) {
            Token sign = at.take();
            Token value = at.peek();
            more.add(new Operand(sign.text(), operand(sign, factor(), value)));
            Expression _ = operand(sign, first, place);
        }
        return Operators.chain(first, more);
    }

    @CanIgnoreReturnValue
    private Expression operand(Token sign, Expression value, Token place) {
        if (value.type() == ValueType.TRUTH && !sign.isSign("||")) {
            throw at.wrong(place, "expected a number for '" + sign.text() + "'");
        }
        return value;
    }

    private Expression factor() {
        Token token = at.peek();
        if (!at.skipSign("-")) {
            return primary();
        }
        at.enter(token);
        Token place = at.peek();
        Expression value = operand(token, factor(), place);
        at.leave();
        return Operators.negative(value);
    }

    private Expression primary() {
        Token token = at.take();
        return switch (token.kind()) {
            case TEXT -> Expression.constant(ValueType.TEXT, TextNode.valueOf(token.text()));
            case NUMBER -> Expression.constant(ValueType.NUMBER, number(token, false));
            case NAME -> path(token);
            case WORD -> word(token);
            case SIGN -> parentheses(token);
            case END -> throw at.wrong(token, "expected a value");
        };
    }

    private Expression parentheses(Token token) {
        if (!token.isSign("(")) {
            throw at.wrong(token, "expected a value");
        }
        at.enter(token);
        Expression value = inside.get();
        at.sign(")");
        at.leave();
        return value;
    }

    private Expression word(Token token) {
        if (at.peek().isSign("(")) {
            return call(token);
        }
        return switch (token.text().toUpperCase(Locale.ROOT)) {
            case "TRUE" -> Expression.constant(ValueType.TRUTH, Scalars.truth(true));
            case "FALSE" -> Expression.constant(ValueType.TRUTH, Scalars.truth(false));
            case "NULL" -> Expression.constant(ValueType.ANY, Scalars.NULL);
            case "SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "IS", "IN", "LIKE", "BETWEEN" ->
                throw at.wrong(token, "expected a value; a member of that name stands in double quotes");
            default -> path(token);
        };
    }

    private Expression call(Token name) {
        Functions function = Functions.named(name.text())
                .orElseThrow(() -> at.wrong(name, "there is no such function, only " + List.of(Functions.values())));
        at.enter(name);
        at.sign("(");
        List<Expression> args = new ArrayList<>();
        if (!at.peek().isSign(")")) {
            do {
                args.add(inside.get());
            } while (at.skipSign(","));
        }
        at.sign(")");
        at.leave();
        if (!function.takes(args.size())) {
            throw at.wrong(name, function.wanted());
        }
        return function.call(args);
    }

    private Expression path(Token first) {
        Path path = new Path().member(first.text());
        while (true) {
            if (at.skipSign(".")) {
                Token member = at.take();
                boolean name = member.kind() == Kind.WORD || member.kind() == Kind.NAME;
                if (!name && (member.kind() != Kind.NUMBER || member.text().contains("."))) {
                    throw at.wrong(member, "expected the name of a member");
                }
                path.member(member.text());
            } else if (at.skipSign("[")) {
                path.element(index());
                at.sign("]");
            } else {
                return path.expression();
            }
        }
    }

    private int index() {
        Token token = at.take();
        if (token.kind() != Kind.NUMBER
                || token.text().length() > 6
                || token.text().contains(".")) {
            throw at.wrong(token, "expected the number of an element, the first is 0");
        }
        return Integer.parseInt(token.text());
    }

    private JsonNode number(Token token, boolean negative) {
        Number number = Scalars.number(TextNode.valueOf(token.text()));
        if (number == null) {
            throw at.wrong(token, "expected a number of not more than 18 digits");
        }
        return number instanceof Long whole
                ? Scalars.number(negative ? -whole : whole)
                : Scalars.number(negative ? -number.doubleValue() : number.doubleValue());
    }

    List<JsonNode> constants() {
        List<JsonNode> all = new ArrayList<>();
        at.sign("(");
        do {
            Token token = at.peek();
            boolean negative = at.skipSign("-");
            Token value = at.take();
            if (value.kind() != Kind.NUMBER && (negative || value.kind() != Kind.TEXT)) {
                throw at.wrong(token, "expected a text in single quotes or a number");
            }
            all.add(value.kind() == Kind.TEXT ? TextNode.valueOf(value.text()) : number(value, negative));
        } while (at.skipSign(","));
        at.sign(")");
        return all;
    }
}
