// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import java.util.regex.Pattern;

/** Topic filters as MQTT defines them (MQTT 3.1.1 §4.7). */
final class Filters {
    /** Longer ones are refused; topics of the device protocol are much shorter (southbound §2.8). */
    static final int MAX_LENGTH = 512;

    private static final String SHARED = "$share/";
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Filters() {}

    static boolean isShared(String filter) {
        return filter.startsWith(SHARED);
    }

    /** For the log: what a device sent may be long and have line breaks. */
    static String printable(String filter) {
        String start = filter.length() > MAX_LENGTH ? filter.substring(0, MAX_LENGTH) : filter;
        return CONTROL.matcher(start).replaceAll("?");
    }

    static boolean hasWildcard(String filter) {
        return filter.indexOf('#') >= 0 || filter.indexOf('+') >= 0;
    }

    /** Whether wildcards stand where they may. */
    static boolean isValid(String filter) {
        if (filter.isEmpty() || filter.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < filter.length(); i++) {
            char c = filter.charAt(i);
            boolean starts = i == 0 || filter.charAt(i - 1) == '/';
            boolean last = i == filter.length() - 1;
            if (c == '#' && !(starts && last)) {
                return false;
            }
            if (c == '+' && !(starts && (last || filter.charAt(i + 1) == '/'))) {
                return false;
            }
        }
        return true;
    }
}
