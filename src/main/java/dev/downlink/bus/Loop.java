// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An event loop of this node. All that its rooms send to rooms of the same loop, or of another one, leaves at the end of the
 * turn as one message of the event bus per loop: under load the costs of a message, and of waking the other thread up, are
 * shared by what travels in it. From loop to loop the order is kept. Belongs to the loop's thread, but for its address.
 */
final class Loop {
    private final EventBus eventBus;
    private final ContextInternal own;
    private final Thread thread;
    private final String address;
    private final Map<Loop, List<Batch.Item>> outgoing = new HashMap<>();

    private Loop(EventBus eventBus, ContextInternal own, Thread thread) {
        this.eventBus = eventBus;
        this.own = own;
        this.thread = thread;
        address = "loop/" + thread.threadId();
    }

    /** To be called on the event loop. Lives as long as the Vert.x, whichever verticle comes first. */
    static Loop of(ContextInternal anyOfIt) {
        ContextInternal own = anyOfIt.owner()
                .contextBuilder()
                .withEventLoop(anyOfIt.nettyEventLoop())
                .build();
        EventBus eventBus = anyOfIt.owner().eventBus();
        Loop loop = new Loop(eventBus, own, Thread.currentThread());
        own.dispatch(_ -> eventBus.localConsumer(loop.address, loop::receive));
        return loop;
    }

    /** A context of the loop that belongs to no verticle. */
    ContextInternal context() {
        return own;
    }

    /** Whether the caller's thread is this loop's. */
    boolean isHere() {
        return thread.equals(Thread.currentThread());
    }

    /** To be called on this loop. */
    void send(Loop to, Batch.Item item) {
        if (outgoing.isEmpty()) {
            own.runOnContext(_ -> leave());
        }
        outgoing.computeIfAbsent(to, _ -> new ArrayList<>()).add(item);
    }

    /** From any thread, and at once. */
    void post(Batch.Item item) {
        eventBus.send(address, new Batch(List.of(item)), Bus.LOCAL);
    }

    private void leave() {
        outgoing.forEach((to, items) -> eventBus.send(to.address, new Batch(items), Bus.LOCAL));
        outgoing.clear();
    }

    private void receive(Message<Batch> message) {
        message.body().items().forEach(Batch.Item::arrive);
    }
}
