// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Lifetime;

/** Turns SIGTERM and Ctrl-C into a clean stop with exit code 0, from the first moment of a start on. */
final class StopSignal implements AutoCloseable {
    private final Thread hook;

    StopSignal(Lifetime lifetime) {
        hook = new Thread(() -> stop(lifetime), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The JVM would end with 128 + the signal's number, so it is halted when all is done. */
    private static void stop(Lifetime lifetime) {
        boolean clean = lifetime.close();
        System.out.flush();
        Runtime.getRuntime().halt(clean ? ExitCodes.OK : ExitCodes.FAILED);
    }

    /** For a process that ends by itself; without effect while a signal is being handled. */
    @Override
    public void close() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is being stopped already, and the hook decides how it ends
        }
    }
}
