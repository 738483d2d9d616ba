// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.event.QueryTokens.Kind;
import dev.downlink.event.QueryTokens.Token;
import dev.downlink.model.InvalidField;
import java.util.List;

/** The place that the reading of a query has come to. */
final class QueryCursor {
    private static final int MAX_DEPTH = 32;

    private final String field;
    private final List<Token> tokens;
    private int next;
    private int depth;

    /** @param field that holds the text, for complaints */
    QueryCursor(String field, String text) {
        this.field = field;
        tokens = QueryTokens.of(field, text);
    }

    int next() {
        return next;
    }

    /** What was taken since the next one was {@code from}. */
    List<Token> since(int from) {
        return tokens.subList(from, next);
    }

    void enter(Token at) {
        if (++depth > MAX_DEPTH) {
            throw wrong(at, "it is nested more than " + MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }

    void word(String expected) {
        Token token = take();
        if (!token.isWord(expected)) {
            throw wrong(token, "expected " + expected);
        }
    }

    void sign(String expected) {
        Token token = take();
        if (!token.isSign(expected)) {
            throw wrong(token, "expected '" + expected + "'");
        }
    }

    void end(String expected) {
        Token token = peek();
        if (token.kind() != Kind.END) {
            throw wrong(token, "expected " + expected);
        }
    }

    boolean skip(String word) {
        return skipIf(peek().isWord(word));
    }

    boolean skipSign(String sign) {
        return skipIf(peek().isSign(sign));
    }

    boolean skipIf(boolean fits) {
        next += fits ? 1 : 0;
        return fits;
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The end is never passed. */
    @CanIgnoreReturnValue
    Token take() {
        Token token = tokens.get(next);
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    InvalidField wrong(Token token, String why) {
        return QueryTokens.wrong(field, token.at(), token.found() + ", " + why);
    }
}
