// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ProcessStatTest {
    @Test
    void aNameMayHoldBlanksAndParentheses() {
        String text = "42 (my (odd) name) S 7 42 42 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 1 0 100 0 0";

        assertThat(ProcessStat.Line.parse(text)).isEqualTo(new ProcessStat.Line(42, 7, 33, 77));
    }

    @Test
    void onlyListeningSocketsOfThePortCount() {
        String line =
                "   0: 0100007F:1F90 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 4711 1 0";

        assertThat(ProcessStat.inode(line.formatted("0A"), 8080)).contains("4711");
        assertThat(ProcessStat.inode(line.formatted("01"), 8080)).isEmpty();
        assertThat(ProcessStat.inode(line.formatted("0A"), 8081)).isEmpty();
    }

    @Test
    void thisProcessIsFoundByItsPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ProcessStat.listener(socket.getLocalPort()))
                    .contains(ProcessHandle.current().pid());
        }
    }

    @Test
    void thisProcessUsesTimeAndMemory() {
        long pid = ProcessHandle.current().pid();

        long own = ProcessStat.cpuMicros(pid);

        assertThat(own).isPositive();
        assertThat(ProcessStat.cpuMicrosWithChildren(pid)).isGreaterThanOrEqualTo(own);
        assertThat(ProcessStat.residentKib(pid)).isGreaterThan(10_000);
    }

    @Test
    void readsWhatTheJdkPrintsOfAHeap() {
        assertThat(JavaHeap.used("123:\n garbage-first heap   total reserved 8K, committed 4K, used 2345K [0x0"))
                .hasValue(2345);
        assertThat(JavaHeap.used("com.sun.tools.attach.AttachNotSupportedException"))
                .isEmpty();
    }
}
