// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
    private static final PathPattern DEVICE = PathPattern.of("/v5/{project_id}/devices/{device_id}");
    private static final PathPattern TOPIC = PathPattern.of("/topics/{topic...}");

    @ParameterizedTest
    @CsvSource({
        "/v5/p/devices/d, true",
        "/v5/p/devices/d/, false",
        "/v5/p/devices/, false",
        "/v5/p/devices, false",
        "/v5//devices/d, false",
        "/v6/p/devices/d, false",
        "/v5/p/devices/d/commands, false"
    })
    void everySegmentHasToBeThere(String path, boolean fits) {
        assertThat(DEVICE.fits(segments(path))).isEqualTo(fits);
    }

    @Test
    void namesGetTheirValues() {
        assertThat(DEVICE.values(segments("/v5/p/devices/d"))).isEqualTo(Map.of("project_id", "p", "device_id", "d"));
    }

    @ParameterizedTest
    @CsvSource({"/topics/a, true", "/topics/a/b, true", "/topics, false", "/topics/, false"})
    void theRestIsOneSegmentOrMore(String path, boolean fits) {
        assertThat(TOPIC.fits(segments(path))).isEqualTo(fits);
    }

    @Test
    void theRestKeepsItsSlashes() {
        assertThat(TOPIC.values(segments("/topics/a/b/c"))).isEqualTo(Map.of("topic", "a/b/c"));
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
