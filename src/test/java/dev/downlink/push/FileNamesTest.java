// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FileNamesTest {

    @Test
    void namesSortByTimeAlsoWhenTheClockGoesBack() {
        Iterator<Instant> times =
                List.of("2026-03-04T05:06:07.100Z", "2026-03-04T05:06:06Z", "2026-03-04T05:06:08Z").stream()
                        .map(Instant::parse)
                        .iterator();
        FileNames names = new FileNames(times::next);

        List<String> made = new ArrayList<>();
        while (times.hasNext()) {
            made.add(names.next());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
        assertThat(made.getFirst()).matches("20260304T050607100Z-[0-9a-f]{8}-000001\\.jsonl");
        assertThat(made.get(1)).startsWith("20260304T050607100Z-").endsWith("-000002.jsonl");
        assertThat(made.getLast()).startsWith("20260304T050608000Z-");
    }
}
