// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LatencyPlotTest {
    @Test
    void drawsACurveForEachPercentile() throws Exception {
        List<Slice> slices = List.of(slice(0, 100), slice(1, 1000), slice(2, 10_000));

        Document svg = parse(LatencyPlot.svg("a < b", slices));

        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        Element median = (Element) svg.getElementsByTagName("polyline").item(0);
        assertThat(median.getAttribute("points").split(" ")).hasSize(3);
        assertThat(svg.getDocumentElement().getTextContent()).contains("a < b", "p99", "10 ms");
    }

    @Test
    void aHigherLatencyIsDrawnHigher() throws Exception {
        Document svg = parse(LatencyPlot.svg("", List.of(slice(0, 100), slice(1, 1000))));

        String[] points = ((Element) svg.getElementsByTagName("polyline").item(0))
                .getAttribute("points")
                .split("[ ,]");

        assertThat(Double.parseDouble(points[3])).isLessThan(Double.parseDouble(points[1]));
    }

    @Test
    void slicesWithoutAnAnswerAreLeftOut() throws Exception {
        Slice silent = new Slice(1, new Latency(0, 0, 0, 0, 0, 0, 0), 5);

        Document svg = parse(LatencyPlot.svg("", List.of(slice(0, 100), silent, slice(2, 100))));

        Element median = (Element) svg.getElementsByTagName("polyline").item(0);
        assertThat(median.getAttribute("points").split(" ")).hasSize(2);
    }

    private static Slice slice(double second, long micros) {
        return new Slice(second, new Latency(10, micros, micros, micros, micros, 2 * micros, micros), 0);
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
