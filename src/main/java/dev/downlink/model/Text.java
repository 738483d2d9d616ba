// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The character rules of the contract; every check throws {@link InvalidField} with the field's name. */
public final class Text {
    private static final Pattern WORDS = Pattern.compile("[\\p{IsHan}A-Za-z0-9_?'#().,&%@!-]*");
    private static final Pattern PHRASE = Pattern.compile("[\\p{IsHan}A-Za-z0-9_ ?'#().,&%@!-]*");
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]*");

    private Text() {}

    /** Letters, digits, {@code _} and {@code -}; 1 to {@code max} of them. */
    @CanIgnoreReturnValue
    public static String identifier(String field, @Nullable String value, int max) {
        String text = present(field, value);
        upTo(field, text, max);
        for (int i = 0; i < text.length(); i++) {
            if (!isIdentifierPart(text.charAt(i))) {
                throw new InvalidField(field, "may hold only letters, digits, '_' and '-'");
            }
        }
        return text;
    }

    /** Letters, digits, Chinese characters and {@code _?'#().,&%@!-}, the charset "text" of the contract. */
    @CanIgnoreReturnValue
    public static String words(String field, @Nullable String value, int max) {
        String text = present(field, value);
        upTo(field, text, max);
        if (!WORDS.matcher(text).matches()) {
            throw new InvalidField(field, "may hold only letters, digits, Chinese characters and _?'#().,&%@!-");
        }
        return text;
    }

    /** The same as {@link #words}, for a field that may be left out. */
    @CanIgnoreReturnValue
    public static @Nullable String optionalWords(String field, @Nullable String value, int max) {
        return value == null ? null : words(field, value, max);
    }

    /** The same as {@link #words} with spaces too; may be empty. */
    @CanIgnoreReturnValue
    public static String phrase(String field, String value, int max) {
        upTo(field, value, max);
        if (!PHRASE.matcher(value).matches()) {
            throw new InvalidField(
                    field, "may hold only letters, digits, Chinese characters, spaces and _?'#().,&%@!-");
        }
        return value;
    }

    @CanIgnoreReturnValue
    public static @Nullable String optional(String field, @Nullable String value, int max) {
        return value == null ? null : upTo(field, value, max);
    }

    /** Hexadecimal digits, as many as one of {@code lengths} says. */
    @CanIgnoreReturnValue
    public static String hex(String field, @Nullable String value, int... lengths) {
        String text = present(field, value);
        for (int length : lengths) {
            if (text.length() == length && HEX.matcher(text).matches()) {
                return text;
            }
        }
        throw new InvalidField(field, "must be hexadecimal of length " + join(lengths));
    }

    @CanIgnoreReturnValue
    public static String present(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw new InvalidField(field, "is mandatory");
        }
        return value;
    }

    @CanIgnoreReturnValue
    public static String upTo(String field, String value, int max) {
        if (value.length() > max) {
            throw new InvalidField(field, "must not be longer than " + max + " characters, it has " + value.length());
        }
        return value;
    }

    /** Bounds included. */
    @CanIgnoreReturnValue
    public static int range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidField(field, "must be from " + min + " to " + max);
        }
        return value;
    }

    /** Whether PostgreSQL can keep it in JSON: no NUL character and no half of a surrogate pair. */
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isSurrogatePair(c, text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isIdentifierPart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private static String join(int[] lengths) {
        StringBuilder out = new StringBuilder();
        for (int length : lengths) {
            out.append(out.isEmpty() ? "" : " or ").append(length);
        }
        return out.toString();
    }
}
