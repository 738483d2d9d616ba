// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another Java process of the same user, asked with the JDK's {@code jcmd}. */
final class JavaHeap {
    private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");
    private static final long LIMIT_SECONDS = 60;

    private JavaHeap() {}

    /** KiB in use after a collection; empty when it is no Java process or there is no jcmd. Blocks for some seconds. */
    static OptionalLong usedKib(long pid) {
        var _ = jcmd(pid, "GC.run");
        return used(jcmd(pid, "GC.heap_info"));
    }

    static OptionalLong used(String heapInfo) {
        Matcher matcher = USED.matcher(heapInfo);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    private static String jcmd(long pid, String command) {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(program)) {
            return "";
        }
        try {
            Process process = new ProcessBuilder(program.toString(), String.valueOf(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? output : "";
        } catch (IOException _) {
            return "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
