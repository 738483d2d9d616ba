// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.DeviceSeries;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedRequestsTest {
    private final SignedRequests requests = new SignedRequests(
            new DeviceSeries(new ProductId("p"), 10, new Secret("a-secret")),
            new ProjectId("project"),
            "127.0.0.1:80",
            new Authority.Token(new Secret("t")),
            new CommandOperation(),
            InstantSource.system());

    @Test
    void aRequestIsWhole() {
        String text = new String(requests.of(7), StandardCharsets.UTF_8);

        assertThat(text.split("\r\n\r\n")[0].split("\r\n"))
                .containsExactlyInAnyOrder(
                        "POST /v5/iot/project/devices/p_000007/commands HTTP/1.1",
                        "Host: 127.0.0.1:80",
                        "Content-Type: application/json",
                        "Content-Length: 66",
                        "X-Auth-Token: t");
        assertThat(text.split("\r\n\r\n")[1]).hasSize(66);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | {'command_id':'r','response':{'result_code':0,'paras':{'device':'p_000007','request':'r'}}} |"
                        + " ok",
                "200 | {'command_id':'r','response':{'result_code':0,'paras':{'device':'p_000007','request':'s'}}} |"
                        + " foreign answer",
                "200 | {'command_id':'r','response':{'result_code':0,'paras':{'device':'p_000008','request':'r'}}} |"
                        + " foreign answer",
                "200 | {'command_id':'r','response':{'result_code':1,'paras':{'device':'p_000007','request':'r'}}} |"
                        + " device error",
                "200 | {'error_code':'IOTDA.014111','error_msg':'late'} | 200 IOTDA.014111",
                "403 | {'error_code':'IOTDA.014016','error_msg':'off'} | 403 IOTDA.014016",
                "502 | Bad Gateway | 502"
            })
    void onlyItsOwnAnswerIsGood(int status, String body, String outcome) {
        assertThat(requests.outcome(7, status, body.replace('\'', '"'))).isEqualTo(outcome);
    }
}
