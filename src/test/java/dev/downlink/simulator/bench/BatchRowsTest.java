// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchRowsTest {
    private static final BatchRows BEFORE = BatchRows.parse("""
        # HELP downlink_batch_rows Rows of one batched statement
        # TYPE downlink_batch_rows summary
        downlink_batch_rows_count{statement="offer_event"} 3
        downlink_batch_rows_sum{statement="offer_event"} 5.0
        downlink_batch_rows_sum{statement="select_device"} 10000.0
        downlink_batch_rows_max{statement="offer_event"} 9.0
        """);

    @Test
    void rowsOfEachStatementAreRead() {
        assertThat(BEFORE.rows()).isEqualTo(Map.of("offer_event", 5L, "select_device", 10_000L));
    }

    @Test
    void onlyWhatIsMoreCounts() {
        BatchRows after =
                new BatchRows(Map.of("offer_event", 5L, "select_device", 10_007L, "save_shadow", 12_000_000L));

        assertThat(after.since(BEFORE).rows()).isEqualTo(Map.of("select_device", 7L, "save_shadow", 12_000_000L));
    }

    @Test
    void statementsThatReadWriteNothing() {
        assertThat(BEFORE.written()).isEqualTo(5);
    }

    @Test
    void largeSumsAreReadToo() {
        assertThat(BatchRows.parse("downlink_batch_rows_sum{statement=\"offer_event\"} 1.2E7\n")
                        .rows())
                .isEqualTo(Map.of("offer_event", 12_000_000L));
    }
}
