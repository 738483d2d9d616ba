// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.net.InetAddress;

/**
 * A range of addresses, as {@code 10.1.0.0/16}, {@code fd00::/8} or a single one.
 *
 * @param bits that all its addresses have in common with {@code base}
 */
public record Network(InetAddress base, int bits) {

    /** @throws IllegalArgumentException when it is none */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int all = base.getAddress().length * 8;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("a prefix of " + base.getHostAddress() + " has 0 to " + all + " bits");
        }
        return new Network(base, bits);
    }

    static boolean isOne(String text) {
        try {
            return parse(text).bits >= 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff;
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + '/' + bits;
    }
}
