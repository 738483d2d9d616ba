// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

/** The patterns of LIKE: {@code %} is any text, {@code _} one character. Goes back to the last {@code %} only. */
final class Like {
    private Like() {}

    static boolean matches(String text, String pattern) {
        int at = 0;
        int wanted = 0;
        int afterLast = -1;
        int tried = 0;
        while (at < text.length()) {
            char sign = wanted < pattern.length() ? pattern.charAt(wanted) : 0;
            boolean inPattern = wanted < pattern.length();
            if (inPattern && sign == '%') {
                afterLast = ++wanted;
                tried = at;
            } else if (inPattern && (sign == '_' || sign == text.charAt(at))) {
                at++;
                wanted++;
            } else if (afterLast >= 0) {
                wanted = afterLast;
                at = ++tried;
            } else {
                return false;
            }
        }
        while (wanted < pattern.length() && pattern.charAt(wanted) == '%') {
            wanted++;
        }
        return wanted == pattern.length();
    }
}
