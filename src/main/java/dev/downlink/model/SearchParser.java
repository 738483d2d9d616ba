// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.DeviceFilter.Alternative;
import dev.downlink.model.DeviceFilter.Condition;
import dev.downlink.model.SearchField.Operator;
import dev.downlink.model.SearchTokens.Kind;
import dev.downlink.model.SearchTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the language of searches (northbound §1.5): {@code SELECT} members, {@code *} or {@code count(*)} {@code FROM device}
 * with {@code WHERE}, {@code ORDER BY marker} and {@code LIMIT}, and nothing else of SQL. Keywords in any case, names and values
 * as they are.
 */
final class SearchParser {
    /** What a comparison with LIKE begins with. */
    private static final Pattern PREFIX = Pattern.compile("([\\p{IsHan}A-Za-z0-9_-]{4,})%");

    private final String name;
    private final List<Token> tokens;
    private int next;
    private int conditions;

    /** @param name of the field that holds the text */
    SearchParser(String name, String text) {
        this.name = name;
        Text.present(name, text);
        Text.upTo(name, text, DeviceSearch.MAX_LENGTH);
        tokens = SearchTokens.of(name, text);
    }

    DeviceSearch statement() {
        word("SELECT");
        List<String> members = new ArrayList<>();
        boolean count = members(members);
        word("FROM");
        resource();
        DeviceFilter filter = skip("WHERE") ? filter() : DeviceFilter.ALL;
        boolean oldestFirst = skip("ORDER") && order();
        Part part = skip("LIMIT") ? part() : new Part(0, DeviceSearch.USUAL_LIMIT);
        end();
        return new DeviceSearch(members, count, filter, oldestFirst, part.rows(), part.offset());
    }

    private record Part(int offset, int rows) {}

    DeviceFilter rule() {
        DeviceFilter filter = filter();
        end();
        if (!filter.valuesOf(SearchField.GROUP_ID).isEmpty()) {
            throw new InvalidField(name, "must not name a group");
        }
        return filter;
    }

    /** @return whether only their number is asked for */
    private boolean members(List<String> members) {
        if (skipSign("*")) {
            return false;
        }
        if (skip("count")) {
            sign("(");
            if (!skipSign("*")) {
                int _ = number(take(), "count", 1, 1);
            }
            sign(")");
            return true;
        }
        do {
            Token member = take();
            if (member.kind() != Kind.WORD || !DeviceSearch.MEMBERS.contains(member.text())) {
                throw wrong(member, "expected *, count(*), count(1) or members of the answer");
            }
            members.add(member.text());
        } while (skipSign(","));
        return false;
    }

    private DeviceFilter filter() {
        List<Alternative> anyOf = new ArrayList<>();
        do {
            List<Condition> allOf = new ArrayList<>();
            do {
                allOf.add(condition());
            } while (skip("AND"));
            anyOf.add(new Alternative(allOf));
        } while (skip("OR"));
        return new DeviceFilter(anyOf);
    }

    private Condition condition() {
        Token token = take();
        if (token.isSign("(")) {
            throw wrong(token, "conditions cannot be nested");
        }
        if (++conditions > DeviceSearch.MAX_CONDITIONS) {
            throw wrong(token, "there may be " + DeviceSearch.MAX_CONDITIONS + " conditions");
        }
        SearchField field = SearchField.named(token.kind() == Kind.WORD ? token.text() : "")
                .orElseThrow(() -> wrong(token, "expected the name of a field"));
        Token at = peek();
        Operator operator = operator();
        if (!field.takes(operator)) {
            throw wrong(at, field.text() + " cannot be compared so");
        }
        return new Condition(field, operator, values(field, operator));
    }

    private Operator operator() {
        Token token = take();
        return switch (token.kind() == Kind.SIGN ? token.text() : "") {
            case "=" -> Operator.EQUAL;
            case "!=" -> Operator.NOT_EQUAL;
            case ">" -> Operator.GREATER;
            case "<" -> Operator.LESS;
            case ">=" -> Operator.NOT_LESS;
            case "<=" -> Operator.NOT_GREATER;
            default -> operator(token);
        };
    }

    private Operator operator(Token token) {
        if (token.isWord("LIKE")) {
            return Operator.LIKE;
        }
        if (token.isWord("IN")) {
            return Operator.IN;
        }
        if (token.isWord("NOT")) {
            word("IN");
            return Operator.NOT_IN;
        }
        throw wrong(token, "expected =, !=, >, <, >=, <=, LIKE, IN or NOT IN");
    }

    private List<String> values(SearchField field, Operator operator) {
        if (operator == Operator.LIKE) {
            return List.of(prefix());
        }
        if (operator != Operator.IN && operator != Operator.NOT_IN) {
            return List.of(value(field));
        }
        List<String> values = new ArrayList<>();
        sign("(");
        do {
            values.add(value(field));
        } while (skipSign(","));
        sign(")");
        return values;
    }

    private String value(SearchField field) {
        Token token = text();
        String complaint = field.complaint(token.text());
        if (complaint != null) {
            throw wrong(token, "expected " + complaint);
        }
        return token.text();
    }

    private String prefix() {
        Token token = text();
        var beginning = PREFIX.matcher(token.text());
        if (!beginning.matches()) {
            throw wrong(
                    token, "expected four or more letters, digits, Chinese characters, '_' or '-' and then one '%'");
        }
        return beginning.group(1);
    }

    private Token text() {
        Token token = take();
        if (token.kind() != Kind.TEXT) {
            throw wrong(token, "expected a text in single quotes");
        }
        return token;
    }

    /** @return whether the oldest come first */
    private boolean order() {
        word("BY");
        Token field = take();
        if (field.kind() != Kind.WORD || !field.text().equals(SearchField.MARKER.text())) {
            throw wrong(field, "the order can only be that of marker");
        }
        return skip("ASC") || !skip("DESC");
    }

    private Part part() {
        Token first = take();
        if (skipSign(",")) {
            int offset = number(first, "offset", 0, DeviceSearch.MAX_OFFSET);
            return new Part(offset, number(take(), "rows", 1, DeviceSearch.MAX_LIMIT));
        }
        return new Part(0, number(first, "rows", 1, DeviceSearch.MAX_LIMIT));
    }

    private int number(Token token, String what, int min, int max) {
        boolean readable = token.kind() == Kind.NUMBER && token.text().length() <= 6;
        int number = readable ? Integer.parseInt(token.text()) : -1;
        if (number < min || number > max) {
            throw wrong(token, "expected " + what + " from " + min + " to " + max);
        }
        return number;
    }

    private void resource() {
        Token token = take();
        if (token.kind() != Kind.WORD || !token.text().equals("device")) {
            throw wrong(token, "expected device");
        }
    }

    private void word(String expected) {
        Token token = take();
        if (!token.isWord(expected)) {
            throw wrong(token, "expected " + expected);
        }
    }

    private void sign(String expected) {
        Token token = take();
        if (!token.isSign(expected)) {
            throw wrong(token, "expected '" + expected + "'");
        }
    }

    private void end() {
        boolean _ = skipSign(";");
        Token token = peek();
        if (token.kind() != Kind.END) {
            throw wrong(token, "expected nothing more");
        }
    }

    private boolean skip(String word) {
        return skipIf(peek().isWord(word));
    }

    private boolean skipSign(String sign) {
        return skipIf(peek().isSign(sign));
    }

    private boolean skipIf(boolean fits) {
        next += fits ? 1 : 0;
        return fits;
    }

    private Token peek() {
        return tokens.get(next);
    }

    /** The end is never passed. */
    @CanIgnoreReturnValue
    private Token take() {
        Token token = tokens.get(next);
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    private InvalidField wrong(Token token, String why) {
        String found = token.kind() == Kind.END ? "it ends" : "'" + token.text() + "'";
        return SearchTokens.wrong(name, token.at(), found + ", " + why);
    }
}
