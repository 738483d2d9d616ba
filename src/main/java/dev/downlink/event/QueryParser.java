// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.event.Expression.ValueType;
import dev.downlink.event.QueryTokens.Kind;
import dev.downlink.event.QueryTokens.Token;
import dev.downlink.event.Selection.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the language of rules (northbound §6.4), a small part of SQL's expressions over JSON. Keywords in any case, names and
 * values as they are. Words of the language are nothing special inside a path.
 */
final class QueryParser {
    private static final int MAX_ITEMS = 32;
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");

    private final QueryCursor at;
    private final ValueParser values;

    /** @param field that holds the text, for complaints */
    QueryParser(String field, String text) {
        at = new QueryCursor(field, text);
        values = new ValueParser(at, this::alternatives);
    }

    /** With or without the word SELECT. */
    Selection selection() {
        boolean _ = at.skip("SELECT");
        boolean whole = false;
        List<Item> items = new ArrayList<>();
        Set<String> names = new HashSet<>();
        do {
            Token first = at.peek();
            if (at.skipSign("*")) {
                whole = true;
                continue;
            }
            Item item = item();
            if (!names.add(item.name())) {
                throw at.wrong(first, "there is already a " + item.name());
            }
            if (items.size() == MAX_ITEMS) {
                throw at.wrong(first, "there may be " + MAX_ITEMS + " of them");
            }
            items.add(item);
        } while (at.skipSign(","));
        at.end("a comma or the end");
        return new Selection(whole, items);
    }

    private Item item() {
        int from = at.next();
        Token first = at.peek();
        Expression value = alternatives();
        if (at.skip("AS")) {
            return new Item(name(), value);
        }
        boolean path = at.since(from).stream().allMatch(QueryParser::isOfPath)
                && (first.kind() == Kind.WORD || first.kind() == Kind.NAME)
                && value.type() == ValueType.ANY;
        if (!path) {
            throw at.wrong(at.peek(), "expected AS and a name for what is not just a member of the event");
        }
        return new Item(written(at.since(from)), value);
    }

    private static boolean isOfPath(Token token) {
        return switch (token.kind()) {
            case WORD, NAME, NUMBER -> true;
            case SIGN -> ".[]".contains(token.text());
            case TEXT, END -> false;
        };
    }

    private static String written(List<Token> path) {
        StringBuilder out = new StringBuilder();
        path.forEach(token -> out.append(token.text()));
        return out.toString();
    }

    private String name() {
        Token token = at.take();
        if ((token.kind() != Kind.WORD && token.kind() != Kind.NAME)
                || token.text().isEmpty()) {
            throw at.wrong(token, "expected a name");
        }
        return token.text();
    }

    /** With or without the word WHERE. */
    Expression condition() {
        boolean _ = at.skip("WHERE");
        Token first = at.peek();
        Expression condition = truth(alternatives(), first);
        at.end("AND, OR or the end");
        return condition;
    }

    private Expression alternatives() {
        Token first = at.peek();
        List<Expression> any = new ArrayList<>(List.of(conjunction()));
        while (at.skip("OR")) {
            Expression _ = truth(any.getLast(), first);
            Token place = at.peek();
            any.add(truth(conjunction(), place));
        }
        return Operators.or(any);
    }

    private Expression conjunction() {
        Token first = at.peek();
        List<Expression> all = new ArrayList<>(List.of(negation()));
        while (at.skip("AND")) {
            Expression _ = truth(all.getLast(), first);
            Token place = at.peek();
            all.add(truth(negation(), place));
        }
        return Operators.and(all);
    }

    private Expression negation() {
        if (!at.skip("NOT")) {
            return comparison();
        }
        Token place = at.peek();
        at.enter(place);
        Expression value = truth(negation(), place);
        at.leave();
        return Operators.not(value);
    }

    private Expression comparison() {
        Expression left = values.sum();
        Token token = at.peek();
        if (token.kind() == Kind.SIGN && COMPARISONS.contains(token.text())) {
            return Operators.comparison(at.take().text(), left, values.sum());
        }
        if (at.skip("IS")) {
            boolean not = at.skip("NOT");
            at.word("NULL");
            return negated(not, Operators.isNull(left));
        }
        if (at.skip("NOT")) {
            return Operators.not(among(left));
        }
        boolean more = token.isWord("LIKE") || token.isWord("IN") || token.isWord("BETWEEN");
        return more ? among(left) : left;
    }

    private static Expression negated(boolean not, Expression value) {
        return not ? Operators.not(value) : value;
    }

    private Expression among(Expression left) {
        if (at.skip("LIKE")) {
            return Operators.like(left, values.sum());
        }
        if (at.skip("IN")) {
            return Operators.in(left, values.constants());
        }
        if (!at.skip("BETWEEN")) {
            throw at.wrong(at.peek(), "expected LIKE, IN or BETWEEN");
        }
        Expression least = values.sum();
        at.word("AND");
        return Operators.between(left, least, values.sum());
    }

    @CanIgnoreReturnValue
    private Expression truth(Expression value, Token place) {
        if (!value.mayBe(ValueType.TRUTH)) {
            throw at.wrong(
                    place, "expected a condition, this is a " + (value.type() == ValueType.TEXT ? "text" : "number"));
        }
        return value;
    }
}
