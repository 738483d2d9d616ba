// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What {@code postmaster.pid} says of a running server.
 *
 * @param ready whether it takes connections already
 */
record Postmaster(ProcessHandle process, int port, boolean ready) {
    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The server that runs on a data directory; empty when there is none, even if a killed one left its file behind. */
    static Optional<Postmaster> of(Path data) {
        List<String> lines = lines(data);
        if (lines.size() <= PORT_LINE) {
            return Optional.empty();
        }
        long pid = Math.abs(Long.parseLong(lines.get(PID_LINE).trim()));
        int port = Integer.parseInt(lines.get(PORT_LINE).trim());
        boolean ready =
                lines.size() > STATUS_LINE && lines.get(STATUS_LINE).trim().equals("ready");
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && worksIn(process, data))
                .map(process -> new Postmaster(process, port, ready));
    }

    /** Waits for processes that outlive a killed postmaster for a moment; a new one would not start beside them. */
    static void awaitEnd(Path data, Duration patience) {
        List<ProcessHandle> rest = ProcessHandle.allProcesses()
                .filter(process ->
                        isPostgres(process) && hasDirectory(process, data).orElse(false))
                .toList();
        for (ProcessHandle process : rest) {
            try {
                var _ = process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DatabaseException("interrupted", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new DatabaseException("process " + process.pid() + " of an earlier database does not end", e);
            }
        }
    }

    private static List<String> lines(Path data) {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The number of a dead server may belong to any other program by now. */
    private static boolean worksIn(ProcessHandle process, Path data) {
        return isPostgres(process) && hasDirectory(process, data).orElse(true);
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().map(c -> c.endsWith("/postgres")).orElse(false);
    }

    /** PostgreSQL works in its data directory. Empty where the system does not tell. */
    private static Optional<Boolean> hasDirectory(ProcessHandle process, Path data) {
        try {
            Path directory = Path.of("/proc", Long.toString(process.pid()), "cwd");
            return Optional.of(directory.toRealPath().equals(data.toRealPath()));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }
}
