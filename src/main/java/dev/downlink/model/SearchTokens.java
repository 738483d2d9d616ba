// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a search into words, numbers, texts in quotes and signs. */
final class SearchTokens {
    private static final List<String> SIGNS = List.of("!=", ">=", "<=", "=", ">", "<", "(", ")", ",", "*", ";");

    private final String name;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SearchTokens(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** What a token is. */
    enum Kind {
        WORD,
        NUMBER,
        /** In single quotes, which are left out; two of them inside stand for one. */
        TEXT,
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
    }

    /** @return the tokens, the last one is the end */
    static List<Token> of(String name, String text) {
        SearchTokens all = new SearchTokens(name, text);
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
            quoted();
        } else if (isDigit(c)) {
            run(Kind.NUMBER);
        } else if (isLetter(c)) {
            run(Kind.WORD);
        } else {
            sign();
        }
    }

    private void run(Kind kind) {
        int from = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || (kind == Kind.WORD && isLetter(text.charAt(at))))) {
            at++;
        }
        add(kind, text.substring(from, at), from);
    }

    private void quoted() {
        int from = at;
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) != '\'') {
                inside.append(text.charAt(at));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '\'') {
                inside.append('\'');
                at++;
            } else {
                at++;
                add(Kind.TEXT, inside.toString(), from);
                return;
            }
        }
        throw wrong(name, from + 1, "the text that begins here does not end");
    }

    private void sign() {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                add(Kind.SIGN, sign, at);
                at += sign.length();
                return;
            }
        }
        throw wrong(name, at + 1, "'" + text.charAt(at) + "' has no meaning here; texts stand in single quotes");
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

    static InvalidField wrong(String name, int at, String why) {
        return new InvalidField(name, "is not understood at character " + at + ": " + why);
    }
}
