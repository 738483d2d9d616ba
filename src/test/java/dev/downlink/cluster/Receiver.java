// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/** A device that comes and goes, each time to whichever node, and writes down what it receives before it acknowledges. */
final class Receiver implements AutoCloseable {
    private static final int SECONDS = 10;
    private static final int LONGEST_STAY_MILLIS = 1500;

    private final String device;
    private final String secret;
    private final IntSupplier port;
    private final Random random;
    private final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    private final Thread life;
    private volatile boolean restless = true;
    private volatile boolean ended;

    /** @param content of a message */
    record Receipt(String content, Instant time) {}

    Receiver(String device, String secret, IntSupplier port, long seed) {
        this.device = device;
        this.secret = secret;
        this.port = port;
        random = new Random(seed);
        life = Thread.ofVirtual().name(device).start(this::live);
    }

    List<Receipt> receipts() {
        return List.copyOf(receipts);
    }

    /** From now on it stays where it is, as long as that is there. */
    void settle() {
        restless = false;
    }

    private void live() {
        while (!ended) {
            try {
                Link link =
                        Link.open(port.getAsInt(), device, secret, this::heard).get(SECONDS, TimeUnit.SECONDS);
                stay(link);
                var _ = link.close().get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException _) {
                // the node is gone, or goes just now: the next time it is another one
                pause(100);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void stay(Link link) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_STAY_MILLIS));
        while (!ended && link.isOpen() && (!restless || System.nanoTime() < end)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void heard(String content) {
        receipts.add(new Receipt(content, Instant.now()));
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            life.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
