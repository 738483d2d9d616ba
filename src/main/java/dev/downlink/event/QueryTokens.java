// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import dev.downlink.model.InvalidField;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a query into words, numbers, texts and names in quotes, and signs. */
final class QueryTokens {
    private static final List<String> SIGNS =
            List.of("<>", "!=", ">=", "<=", "||", "=", ">", "<", "(", ")", "[", "]", ",", ".", "*", "+", "-", "/");

    private final String field;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private QueryTokens(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /** What a token is. */
    enum Kind {
        WORD,
        /** In double quotes, which are left out. */
        NAME,
        /** In single quotes, which are left out; two of them inside stand for one. */
        TEXT,
        NUMBER,
        SIGN,
        END
    }

    /** @param at where it begins, the first character is 1 */
    record Token(Kind kind, String text, int at) {
        boolean isWord(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean isSign(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        /** For a complaint. */
        String found() {
            return kind == Kind.END ? "it ends" : "'" + text + "'";
        }
    }

    /** @return the tokens, the last one is the end */
    static List<Token> of(String field, String text) {
        QueryTokens all = new QueryTokens(field, text);
        while (all.at < text.length()) {
            all.read();
        }
        all.add(Kind.END, "", text.length());
        return all.tokens;
    }

    private void read() {
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
        } else if (c == '\'') {
            quoted(Kind.TEXT, c);
        } else if (c == '"') {
            quoted(Kind.NAME, c);
        } else if (isDigit(c)) {
            number();
        } else if (isLetter(c)) {
            int from = at;
            run();
            add(Kind.WORD, text.substring(from, at), from);
        } else {
            sign();
        }
    }

    /** A name may begin with a digit: letters behind digits make it one. */
    private void number() {
        int from = at;
        run();
        boolean digits = text.chars().skip(from).limit(at - from).allMatch(c -> isDigit((char) c));
        if (digits && at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        add(digits ? Kind.NUMBER : Kind.WORD, text.substring(from, at), from);
    }

    private void run() {
        while (at < text.length() && (isDigit(text.charAt(at)) || isLetter(text.charAt(at)))) {
            at++;
        }
    }

    private void quoted(Kind kind, char quote) {
        int from = at;
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != quote) {
                inside.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                inside.append(quote);
                at++;
            } else {
                at++;
                add(kind, inside.toString(), from);
                return;
            }
        }
        throw wrong(field, from + 1, "what begins here with a quote does not end");
    }

    private void sign() {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                add(Kind.SIGN, sign, at);
                at += sign.length();
                return;
            }
        }
        String found = text.substring(at, text.offsetByCodePoints(at, 1));
        throw wrong(
                field,
                at + 1,
                "'" + found + "' has no meaning here; texts stand in single quotes, unusual names in double quotes");
    }

    private void add(Kind kind, String inside, int from) {
        tokens.add(new Token(kind, inside, from + 1));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static InvalidField wrong(String field, int at, String why) {
        return new InvalidField(field, "is not understood at character " + at + ": " + why);
    }
}
