// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    @Test
    void bodyThatDoesNotArriveIsGivenUp() throws IOException {
        try (Api api = new Api(1, 1);
                Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream()
                    .write("POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> login(api) == 503);

            api.now = api.now.plus(BodyReader.PATIENCE).plusSeconds(1);

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("did not arrive within 30 s");
            assertThat(login(api)).isEqualTo(400);
        }
    }

    /** Takes the only place in hand, or finds it taken. */
    private static int login(Api api) {
        return api.send("POST", "/v3/auth/tokens", "{}", Map.of()).status();
    }
}
