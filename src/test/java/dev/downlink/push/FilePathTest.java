// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.event.Content;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilePathTest {

    @ParameterizedTest
    @CsvSource({
        "{YYYY}/{MM}/{DD}/{HH}, 2026/03/04/23/",
        "events/{appId}/{deviceId}, events/space1/d1/",
        "/a//b/, a/b/",
        "../../{YYYY}/./x, 2026/x/",
        "{other}/y{MM}z, {other}/y03z/",
        "'', ''"
    })
    void partsAreFilledIn(String template, String path) {
        Parcel parcel = Pushing.parcel(
                1,
                "d1",
                Instant.parse("2026-03-04T23:59:59Z"),
                new Content("application/json", Map.of(), Buffer.buffer()));

        assertThat(new FilePath(template).of(parcel)).isEqualTo(path);
    }

    @Test
    void whatAnEventDoesNotHaveIsNone() {
        Parcel parcel = new Parcel(
                1,
                new ProjectId("p1"),
                Subject.BATCH_TASK,
                Pushing.HAPPENED,
                "task1",
                null,
                null,
                new Content("application/json", Map.of(), Buffer.buffer()));

        assertThat(new FilePath("{appId}/{deviceId}").of(parcel)).isEqualTo("none/none/");
    }
}
