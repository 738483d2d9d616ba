// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.FrameBody;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.engine.impl.ProtocolTracer;
import org.apache.qpid.proton.framing.TransportFrame;

/**
 * Looks at each frame before the protocol engine does, and throws at those that would keep it busy or fill its memory: one
 * that settles more than there can be, which the engine counts through one by one, and every message, since nobody may send
 * one here. What is thrown ends the connection. Without state.
 */
final class AmqpFrames implements ProtocolTracer {
    private static final long MAX_SPAN = 100_000;

    @Override
    public void receivedFrame(TransportFrame frame) {
        FrameBody body = frame.getBody();
        if (body instanceof Transfer) {
            throw new IllegalStateException("a message, which nobody has given credit for");
        }
        if (body instanceof Disposition settled && span(settled) > MAX_SPAN) {
            throw new IllegalStateException("more settled than there can be");
        }
    }

    @Override
    public void sentFrame(TransportFrame frame) {
        // what is sent is ours
    }

    private static long span(Disposition settled) {
        UnsignedInteger last = settled.getLast();
        if (last == null) {
            return 1;
        }
        // the engine's count never gets past the largest number
        return last.equals(UnsignedInteger.MAX_VALUE)
                ? Long.MAX_VALUE
                : last.longValue() - settled.getFirst().longValue();
    }
}
