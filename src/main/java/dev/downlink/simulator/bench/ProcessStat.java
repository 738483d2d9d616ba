// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux tells of a process in {@code /proc/PID}. */
final class ProcessStat {
    /** Of the clock that counts CPU time; the same on every Linux. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final Path PROC = Path.of("/proc");

    private ProcessStat() {}

    /**
     * One line of {@code /proc/PID/stat}.
     *
     * @param ownTicks in user and system mode
     * @param childTicks of children that have ended
     */
    record Line(long pid, long parent, long ownTicks, long childTicks) {
        /** The name stands in parentheses and may hold blanks and parentheses itself. */
        static Line parse(String text) {
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return new Line(
                    Long.parseLong(text.substring(0, text.indexOf(' '))),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                    Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
        }
    }

    /** CPU time of one process; 0 when it is gone. */
    static long cpuMicros(long pid) {
        return line(pid).map(line -> line.ownTicks * MICROS_PER_TICK).orElse(0L);
    }

    /** CPU time of a process and its children, ended ones too. */
    static long cpuMicrosWithChildren(long pid) {
        long ticks = line(pid).map(line -> line.ownTicks + line.childTicks).orElse(0L);
        for (Line line : lines()) {
            if (line.parent == pid) {
                ticks += line.ownTicks + line.childTicks;
            }
        }
        return ticks * MICROS_PER_TICK;
    }

    /** Resident memory in KiB; 0 when the process is gone. */
    static long residentKib(long pid) {
        try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0L);
        } catch (IOException _) {
            return 0;
        }
    }

    /** The process that listens on a TCP port; the oldest when several share it. */
    static Optional<Long> listener(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            text(PROC.resolve(table))
                    .lines()
                    .skip(1)
                    .forEach(line -> inode(line, port).ifPresent(inode -> sockets.add("socket:[" + inode + ']')));
        }
        return pids().filter(pid -> holdsOneOf(pid, sockets)).sorted().findFirst();
    }

    /** The inode of the socket in a line of {@code /proc/net/tcp} if it listens on a port. */
    static Optional<String> inode(String line, int port) {
        String[] fields = line.strip().split(" +");
        boolean listens = fields.length > 9
                && fields[3].equals("0A")
                && fields[1].endsWith(String.format(Locale.ROOT, ":%04X", port));
        return listens ? Optional.of(fields[9]) : Optional.empty();
    }

    private static boolean holdsOneOf(long pid, Set<String> sockets) {
        try (Stream<Path> files = Files.list(PROC.resolve(pid + "/fd"))) {
            return files.anyMatch(file -> sockets.contains(target(file)));
        } catch (IOException _) {
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static Stream<Long> pids() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid);
    }

    private static List<Line> lines() {
        return pids().flatMap(pid -> line(pid).stream()).toList();
    }

    private static Optional<Line> line(long pid) {
        return Optional.of(text(PROC.resolve(pid + "/stat")))
                .filter(text -> !text.isEmpty())
                .map(Line::parse);
    }

    /** Empty when it cannot be read, as of a process that has just ended. */
    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return "";
        }
    }
}
