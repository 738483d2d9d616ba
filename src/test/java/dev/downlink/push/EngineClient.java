// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;

/** The bare protocol engine on a socket, for what no decent client does. Used by one thread. */
final class EngineClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final Transport transport = Proton.transport();
    private final Connection connection = Proton.connection();
    private final Sasl sasl;
    private Session session;
    private Receiver receiver;
    private boolean ended;
    private long bytesRead;

    private EngineClient(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sasl = transport.sasl();
        sasl.client();
        connection.setContainer("engine");
        transport.bind(connection);
    }

    /** Says nothing at all. */
    static EngineClient silent(int port) {
        return new EngineClient(port);
    }

    static List<String> mechanisms(int port) {
        try (EngineClient client = new EngineClient(port)) {
            client.until(() -> client.sasl.getRemoteMechanisms().length > 0);
            return List.of(client.sasl.getRemoteMechanisms());
        }
    }

    /** The code that the server ends a login with. */
    static int outcomeOf(int port, String mechanism, byte[] response) {
        try (EngineClient client = new EngineClient(port)) {
            client.login(mechanism, response);
            return client.sasl.getOutcome().getCode();
        }
    }

    static byte[] plain(String key, String code) {
        String user = "accessKey=" + key + "|timestamp=" + System.currentTimeMillis();
        return ("\0" + user + "\0" + code).getBytes(StandardCharsets.UTF_8);
    }

    /** @param idleTimeout milliseconds, 0: none */
    static EngineClient open(int port, String key, String code, int idleTimeout) {
        EngineClient client = new EngineClient(port);
        client.login("PLAIN", plain(key, code));
        client.transport.setIdleTimeout(idleTimeout);
        client.connection.open();
        client.until(() -> client.connection.getRemoteState() != EndpointState.UNINITIALIZED);
        return client;
    }

    void receive(String queue, int credit) {
        receive(queue, credit, 0);
    }

    void receive(String queue, int credit, long maxMessageSize) {
        session = connection.session();
        session.open();
        receiver = session.receiver("receiver");
        Source source = new Source();
        source.setAddress(queue);
        receiver.setSource(source);
        receiver.setTarget(new Target());
        receiver.setMaxMessageSize(UnsignedLong.valueOf(maxMessageSize));
        receiver.open();
        receiver.flow(credit);
        until(() -> receiver.getRemoteState() != EndpointState.UNINITIALIZED);
    }

    void flow(int credit) {
        receiver.flow(credit);
    }

    /** Accepts what has come, at most so many; returns how many that were. */
    int accept(int most) {
        int accepted = 0;
        for (Delivery next = receiver.current(); next != null && accepted < most; next = receiver.current()) {
            next.disposition(Accepted.getInstance());
            next.settle();
            accepted++;
        }
        return accepted;
    }

    boolean isReceiving() {
        return receiver.getRemoteState() == EndpointState.ACTIVE;
    }

    /** Why the server closed the receiver. */
    String linkError() {
        return told(receiver.getRemoteCondition());
    }

    void detach() {
        receiver.detach();
        until(() -> receiver.getRemoteState() == EndpointState.CLOSED);
    }

    void endSession() {
        session.close();
        until(() -> session.getRemoteState() == EndpointState.CLOSED);
    }

    /** Settles every delivery that there could ever be. */
    void settleEverything() {
        // a disposition from 0 to the largest number, which the engine would not write
        write(HexFormat.of()
                .parseHex("0000001a02000000" + "005315c00d05" + "41" + "43" + "70ffffffff" + "41" + "00532445"));
    }

    boolean isOpen() {
        return !ended
                && connection.getRemoteState() == EndpointState.ACTIVE
                && connection.getLocalState() == EndpointState.ACTIVE;
    }

    long bytesRead() {
        return bytesRead;
    }

    void untilClosed() {
        until(() -> connection.getRemoteState() == EndpointState.CLOSED);
    }

    /** Why the server closed the connection. */
    String error() {
        return told(connection.getRemoteCondition());
    }

    private static String told(ErrorCondition error) {
        return error.getCondition() + " " + error.getDescription();
    }

    /** Sends nothing more, not even heartbeats. */
    void fallSilent() {
        ended = true;
    }

    /** Whether the server ends the connection; waits for it and says nothing meanwhile. */
    boolean isClosedByPeer() {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[4096];
            int read = 0;
            while (read >= 0) {
                read = in.read(bytes);
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    void until(Callable<Boolean> condition) {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        try {
            while (!condition.call()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("it did not come to that");
                }
                turn();
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void login(String mechanism, byte[] response) {
        sasl.setMechanisms(mechanism);
        sasl.send(response, 0, response.length);
        until(() -> sasl.getOutcome() != Sasl.SaslOutcome.PN_SASL_NONE);
    }

    /** Writes what is to be written, and reads for a moment. */
    private void turn() {
        try {
            if (connection.getLocalState() == EndpointState.ACTIVE) {
                long _ = transport.tick(System.nanoTime() / 1_000_000);
            }
            while (transport.pending() > 0) {
                ByteBuffer head = transport.head();
                byte[] out = new byte[head.remaining()];
                head.get(out);
                write(out);
                transport.pop(out.length);
            }
            read();
        } catch (IOException _) {
            ended = true;
        }
    }

    private void write(byte[] out) {
        try {
            socket.getOutputStream().write(out);
        } catch (IOException _) {
            ended = true;
        }
    }

    private void read() throws IOException {
        byte[] in = new byte[Math.min(4096, Math.max(1, transport.capacity()))];
        try {
            int length = socket.getInputStream().read(in);
            if (length < 0) {
                ended = true;
            } else {
                bytesRead += length;
                transport.tail().put(in, 0, length);
                transport.process();
            }
        } catch (SocketTimeoutException _) {
            // nothing at the moment
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
