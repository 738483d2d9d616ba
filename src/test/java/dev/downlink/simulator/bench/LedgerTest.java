// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProductId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.DeviceSeries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {
    private static final DeviceSeries SERIES = new DeviceSeries(new ProductId("p"), 10, new Secret("a-secret"));
    private static final DeviceId DEVICE = SERIES.device(7);

    private final Ledger ledger = Ledger.keeping();

    /** What was acknowledged and what arrived, a letter each; and lost, twice, disordered. */
    @ParameterizedTest
    @CsvSource({
        "abc, abc, 0, 0, 0",
        "abc, ab, 1, 0, 0",
        "abc, abbc, 0, 1, 0",
        "abc, acb, 0, 0, 1",
        "abc, axbac, 0, 1, 0"
    })
    void balanceTellsWhatDoesNotFit(String sent, String got, long lost, long twice, long disordered) {
        sent.chars().forEach(id -> ledger.acknowledged(DEVICE, String.valueOf((char) id)));
        got.chars().forEach(id -> ledger.received(DEVICE, "{\"name\":null,\"id\":\"" + (char) id + "\"}"));

        assertThat(ledger.balance()).isEqualTo(new Ledger.Balance(sent.length(), lost, twice, disordered));
        assertThat(ledger.arrivals()).isEqualTo(got.length());
    }

    @Test
    void answerWithAnotherStatusIsNoGoodOne() {
        MessageOperation operation = new MessageOperation(3, MessageStatus.DELIVERED, ledger);

        assertThat(operation.body()).isEqualTo("{\"message\":\"xxx\"}");
        assertThat(operation.outcome(SERIES, 7, 201, answer("DELIVERED"))).isEqualTo(Line.OK);
        assertThat(operation.outcome(SERIES, 7, 201, answer("PENDING"))).isEqualTo("PENDING");
        assertThat(operation.outcome(SERIES, 7, 503, "{\"error_code\":\"IOTDA.900304\"}"))
                .isEqualTo("503 IOTDA.900304");
        assertThat(ledger.balance().acknowledged()).isEqualTo(2);
    }

    private static String answer(String status) {
        return "{\"message_id\":\"m-" + status + "\",\"result\":{\"status\":\"" + status + "\"}}";
    }
}
