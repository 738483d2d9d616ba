// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns, first column to the left, numbers to the right; reads as a Markdown table too. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... titles) {
        rows.add(Arrays.asList(titles));
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            line(out, rows.get(i), widths);
            if (i == 0) {
                rule(out, widths);
            }
        }
        return out.toString();
    }

    private static void line(StringBuilder out, List<String> row, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            String gap = " ".repeat(widths[i] - row.get(i).length());
            out.append("| ")
                    .append(i == 0 ? row.get(i) + gap : gap + row.get(i))
                    .append(' ');
        }
        out.append("|\n");
    }

    private static void rule(StringBuilder out, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            out.append('|').append("-".repeat(widths[i] + 1)).append(i == 0 ? '-' : ':');
        }
        out.append("|\n");
    }
}
