// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Notice;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the notices for one listener arrive. Belongs to the thread of the room that registered it. */
final class Ear<N extends Notice> {
    private final Class<N> type;
    private final Consumer<N> listener;
    private final ContextInternal context;
    private final @Nullable Loop loop;
    private volatile boolean closed;

    /** @param loop of the context; null when it is that of a worker */
    Ear(Class<N> type, Consumer<N> listener, ContextInternal context, @Nullable Loop loop) {
        this.type = type;
        this.listener = listener;
        this.context = context;
        this.loop = loop;
    }

    @Nullable
    Loop loop() {
        return loop;
    }

    void take(Notice notice) {
        if (!closed) {
            context.dispatch(notice, this::hear);
        }
    }

    void receive(Message<N> message) {
        hear(message.body());
    }

    /** What cannot be read, since it comes from a later version, is logged where that is found out. */
    private void hear(Object notice) {
        if (type.isInstance(notice)) {
            listener.accept(type.cast(notice));
        }
    }

    void close() {
        closed = true;
    }
}
