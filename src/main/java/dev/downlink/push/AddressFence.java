// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Network;
import dev.downlink.config.Settings;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses events may be sent to: whoever may make a rule must not reach through the gateway what only the gateway can
 * reach. An address that stands for an IPv4 address in IPv6's clothes counts as that too. Immutable, safe for all threads.
 */
final class AddressFence {
    /** Link-local, with the services that hand out a machine's credentials; those that lie elsewhere; what nobody answers at. */
    private static final List<Network> NEVER = networks(
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::254",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "224.0.0.0/4",
            "ff00::/8",
            "255.255.255.255");

    private static final List<Network> THIS_MACHINE = networks("0.0.0.0/8", "127.0.0.0/8", "::", "::1");

    private static final Network COMPATIBLE = Network.parse("::/96");
    private static final Network TRANSLATED = Network.parse("64:ff9b::/96");
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");

    /** Keeps nobody from anything. */
    static final AddressFence NONE = new AddressFence(List.of(), List.of());

    private final List<Network> allow;
    private final List<Network> deny;

    AddressFence(List<Network> allow, List<Network> deny) {
        this.allow = List.copyOf(allow);
        this.deny = List.copyOf(deny);
    }

    /** Looks at the machine's own addresses. */
    static AddressFence of(Settings settings) {
        return new AddressFence(
                parsed(settings.push().allow()),
                settings.push().deny() == null
                        ? usual(settings.host())
                        : parsed(settings.push().deny()));
    }

    private static List<Network> usual(String host) {
        List<Network> deny = new ArrayList<>(NEVER);
        if (!isLoopback(host)) {
            deny.addAll(THIS_MACHINE);
            deny.addAll(ownAddresses());
        }
        return deny;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    private static List<Network> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> new Network(address, address.getAddress().length * 8))
                    .toList();
        } catch (SocketException e) {
            throw new IllegalStateException("the machine's own addresses cannot be read", e);
        }
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::parse).toList();
    }

    private static List<Network> parsed(@Nullable List<String> texts) {
        return texts == null ? List.of() : texts.stream().map(Network::parse).toList();
    }

    /** The network for which nothing may be sent to an address; empty: it may. */
    Optional<Network> against(InetAddress address) {
        return faces(address).flatMap(face -> denied(face).stream()).findFirst();
    }

    private Optional<Network> denied(InetAddress address) {
        return allow.stream().anyMatch(network -> network.contains(address))
                ? Optional.empty()
                : deny.stream().filter(network -> network.contains(address)).findFirst();
    }

    /** The address, and the IPv4 address that it is a way to. Java itself unwraps those that are mapped. */
    private static Stream<InetAddress> faces(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (COMPATIBLE.contains(address) || TRANSLATED.contains(address)) {
            return Stream.of(address, ipv4(bytes, 12));
        }
        return SIX_TO_FOUR.contains(address) ? Stream.of(address, ipv4(bytes, 2)) : Stream.of(address);
    }

    private static InetAddress ipv4(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
