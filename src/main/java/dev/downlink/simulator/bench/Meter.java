// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;

/**
 * Reads what a measured server has used so far.
 *
 * @param servers its processes on this machine
 * @param postgres the server process of its database, if it has one on this machine
 */
public record Meter(List<Long> servers, OptionalLong postgres) {
    /** Of nothing that can be looked at. */
    public static final Meter BLIND = new Meter(List.of(), OptionalLong.empty());

    public Meter {
        servers = List.copyOf(servers);
    }

    /** Finds the processes by the ports that they listen on; 0 for one that there is not. */
    public static Meter byPorts(int server, int postgres) {
        return byPorts(List.of(server), postgres);
    }

    /** The same for a server of several processes. */
    static Meter byPorts(List<Integer> servers, int postgres) {
        List<Long> found = servers.stream()
                .map(Meter::pid)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList();
        return new Meter(found, pid(postgres));
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
                sum(ProcessStat::cpuMicros),
                postgres.isPresent() ? ProcessStat.cpuMicrosWithChildren(postgres.getAsLong()) : 0,
                ProcessStat.cpuMicros(ProcessHandle.current().pid()),
                sum(ProcessStat::residentKib));
    }

    /** KiB of Java heap in use after a collection; 0 when it cannot be told. Blocks. */
    long heapKib() {
        return sum(pid -> JavaHeap.usedKib(pid).orElse(0));
    }

    private long sum(LongUnaryOperator ofProcess) {
        return servers.stream().mapToLong(ofProcess::applyAsLong).sum();
    }
}
