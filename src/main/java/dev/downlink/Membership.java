// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.protocol.Notice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the rooms of this node, and the operator, which nodes come and go. */
final class Membership implements MembershipListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Membership.class);

    private final Bus bus;

    private Membership(Bus bus) {
        this.bus = bus;
    }

    /** For as long as the node is a member. */
    static void watch(HazelcastInstance hazelcast, Bus bus, NodeIdentity self) {
        Cluster cluster = hazelcast.getCluster();
        var _ = cluster.addMembershipListener(new Membership(bus));
        var _ = hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                LOGGER.warn("two parts of the cluster found each other again");
                bus.publishHere(new Notice.NodeJoined(self.id()));
            }
        });
        warnOfNamesake(cluster, self);
        LOGGER.info(
                "cluster joined name={} nodes={}",
                self.name(),
                cluster.getMembers().size());
    }

    /** Each of two nodes of one name takes the other for an earlier life of itself and ends its sessions. */
    private static void warnOfNamesake(Cluster cluster, NodeIdentity self) {
        boolean shared = cluster.getMembers().stream()
                .anyMatch(member -> !member.localMember() && self.name().equals(name(member)));
        if (shared) {
            LOGGER.error("another node of the cluster is called {} too: set node.name", self.name());
        }
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        LOGGER.info(
                "node joined name={} nodes={}",
                name(event.getMember()),
                event.getMembers().size());
        bus.publishHere(new Notice.NodeJoined(node(event.getMember())));
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        LOGGER.info(
                "node left name={} nodes={}",
                name(event.getMember()),
                event.getMembers().size());
        bus.publishHere(new Notice.NodeLeft(node(event.getMember())));
    }

    private static String name(Member member) {
        return String.valueOf(member.getAttribute(Clustering.NAME));
    }

    /** What the members of a cluster tell of themselves is their own program's, so it is a number. */
    private static int node(Member member) {
        return Integer.parseInt(member.getAttribute(Clustering.NODE));
    }
}
