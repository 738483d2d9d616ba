// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;

/** A socket that sends and reads bytes as the test wants them. A read waits 10 s and then fails. */
final class RawClient implements AutoCloseable {
    private final Socket socket;

    RawClient(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawClient(Socket socket) {
        this.socket = socket;
    }

    void send(byte[]... packets) {
        try {
            for (byte[] packet : packets) {
                socket.getOutputStream().write(packet);
            }
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next packet; empty when the connection is closed. */
    byte[] read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int first = in.read();
            if (first < 0) {
                return new byte[0];
            }
            Packet.Out packet = new Packet.Out().u8(first);
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = in.readUnsignedByte();
                packet.u8(digit);
                length |= (digit & 127) << shift;
                shift += 7;
            } while (digit > 127);
            byte[] rest = new byte[length];
            in.readFully(rest);
            return packet.raw(rest).bytes();
        } catch (EOFException | SocketException e) {
            return new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String readHex() {
        return hex(read());
    }

    /** Whether the other side closes now, without another packet. */
    boolean isClosed() {
        return read().length == 0;
    }

    /** Whether nothing arrived so far. */
    boolean isSilent() {
        try {
            return socket.getInputStream().available() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True when everything sent before was handled and the connection is still there. */
    boolean isAlive() {
        send(Packet.PING);
        return readHex().equals("d000");
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    Socket socket() {
        return socket;
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
