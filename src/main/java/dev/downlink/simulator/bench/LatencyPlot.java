// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Latency over time as SVG, with a logarithmic scale so that median and outliers are both to be read. */
final class LatencyPlot {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 90;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    private static final int TIME_MARKS = 10;

    private static final List<Curve> CURVES = List.of(
            new Curve("p50", "#2a6f97", Latency::p50),
            new Curve("p90", "#2a9d8f", Latency::p90),
            new Curve("p99", "#e76f51", Latency::p99),
            new Curve("max", "#9a031e", Latency::max));

    private final List<Slice> slices;
    private final int lowest;
    private final int highest;
    private final double seconds;

    private record Curve(String name, String colour, ToLongFunction<Latency> value) {}

    private LatencyPlot(List<Slice> slices) {
        this.slices = slices;
        long least = slices.stream().mapToLong(s -> s.latency().p50()).min().orElse(1);
        long most = slices.stream().mapToLong(s -> s.latency().max()).max().orElse(1);
        lowest = (int) Math.floor(Math.log10((double) Math.max(1, least)));
        highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10((double) Math.max(1, most))));
        seconds = Math.max(1, slices.isEmpty() ? 1 : slices.getLast().second());
    }

    /** The slices without a single answer are left out of the curves. */
    static String svg(String title, List<Slice> slices) {
        List<Slice> answered =
                slices.stream().filter(s -> s.latency().count() > 0).toList();
        return new LatencyPlot(answered).draw(title);
    }

    private String draw(String title) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">\n",
                WIDTH,
                HEIGHT));
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(out, LEFT, 22, "start", title);
        IntStream.rangeClosed(lowest, highest).forEach(power -> latencyMark(out, power));
        IntStream.rangeClosed(0, TIME_MARKS).forEach(mark -> timeMark(out, seconds * mark / TIME_MARKS));
        for (int i = 0; i < CURVES.size(); i++) {
            curve(out, CURVES.get(i), TOP + 16 * i);
        }
        return out.append("</svg>\n").toString();
    }

    private void curve(StringBuilder out, Curve curve, int legend) {
        String points = slices.stream()
                .map(s ->
                        String.format(Locale.ROOT, "%.1f,%.1f", x(s.second()), y(curve.value.applyAsLong(s.latency()))))
                .collect(Collectors.joining(" "));
        out.append(String.format(
                Locale.ROOT,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>\n",
                curve.colour,
                points));
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>\n",
                WIDTH - RIGHT + 12,
                legend,
                curve.colour));
        text(out, WIDTH - RIGHT + 28, legend + 9, "start", curve.name);
    }

    private void latencyMark(StringBuilder out, int power) {
        double y = y((long) Math.pow(10, power));
        line(out, LEFT, y, WIDTH - RIGHT, y);
        String label = power < 3 ? (long) Math.pow(10, power) + " µs" : (long) Math.pow(10, power - 3) + " ms";
        text(out, LEFT - 8, y + 4, "end", label);
    }

    private void timeMark(StringBuilder out, double second) {
        line(out, x(second), HEIGHT - BOTTOM, x(second), HEIGHT - BOTTOM + 5.0);
        text(out, x(second), HEIGHT - BOTTOM + 20, "middle", String.format(Locale.ROOT, "%.0f s", second));
    }

    private double x(double second) {
        return LEFT + second / seconds * (WIDTH - LEFT - RIGHT);
    }

    private double y(long micros) {
        double share = (Math.log10((double) Math.max(1, micros)) - lowest) / (highest - lowest);
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private static void line(StringBuilder out, double x1, double y1, double x2, double y2) {
        out.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        out.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, escaped));
    }
}
