// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.util.OptionalLong;

/**
 * Reads what a measured server has used so far.
 *
 * @param server its process, if it is on this machine
 * @param postgres the server process of its database, if it has one on this machine
 */
public record Meter(OptionalLong server, OptionalLong postgres) {
    /** Of nothing that can be looked at. */
    public static final Meter BLIND = new Meter(OptionalLong.empty(), OptionalLong.empty());

    /** Finds the processes by the ports that they listen on; 0 for one that there is not. */
    public static Meter byPorts(int server, int postgres) {
        return new Meter(pid(server), pid(postgres));
    }

    private static OptionalLong pid(int port) {
        return port == 0
                ? OptionalLong.empty()
                : ProcessStat.listener(port).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** CPU times in microseconds, resident memory in KiB. */
    public record Reading(long serverCpu, long postgresCpu, long ownCpu, long serverResident) {
        Reading since(Reading before) {
            return new Reading(
                    serverCpu - before.serverCpu,
                    postgresCpu - before.postgresCpu,
                    ownCpu - before.ownCpu,
                    serverResident - before.serverResident);
        }
    }

    Reading read() {
        return new Reading(
                server.isPresent() ? ProcessStat.cpuMicros(server.getAsLong()) : 0,
                postgres.isPresent() ? ProcessStat.cpuMicrosWithChildren(postgres.getAsLong()) : 0,
                ProcessStat.cpuMicros(ProcessHandle.current().pid()),
                server.isPresent() ? ProcessStat.residentKib(server.getAsLong()) : 0);
    }

    /** KiB of Java heap in use after a collection; 0 when it cannot be told. Blocks. */
    long heapKib() {
        return server.isPresent() ? JavaHeap.usedKib(server.getAsLong()).orElse(0) : 0;
    }
}
