// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the name that somebody who mistyped probably meant. */
final class Nearest {
    private Nearest() {}

    /** The known name with the fewest changed letters, if that are not more than a quarter. */
    static Optional<String> to(String name, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(k -> distance(name, k)))
                .filter(k -> distance(name, k) <= Math.max(2, name.length() / 4));
    }

    /** The Levenshtein distance, row by row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
