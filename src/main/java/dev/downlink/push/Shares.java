// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.protocol.PushRows;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.protocol.PushRows.Pusher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the lanes of outlets are shared out over those who send. Everybody works it out alone and comes to the same: each lane
 * prefers whoever has the greatest hash with it and not yet its fair part of that outlet's lanes, so that few lanes move when
 * somebody comes or goes.
 */
final class Shares {
    private final Map<Integer, List<Pusher>> pushers = new HashMap<>();

    /** @param pushers all that there are */
    Shares(List<Pusher> pushers) {
        pushers.forEach(p ->
                this.pushers.computeIfAbsent(p.outlet(), _ -> new ArrayList<>()).add(p));
    }

    /** The lanes that one instance should have. */
    Set<LaneKey> of(Collection<Outlet> outlets, int node, int instance) {
        Set<LaneKey> lanes = new HashSet<>();
        for (Outlet outlet : outlets) {
            int kind = outlet.queue() == null ? PushRows.ALL_ACTIONS : outlet.id();
            share(outlet.id(), pushers.getOrDefault(kind, List.of()), new Pusher(kind, node, instance), lanes);
        }
        return lanes;
    }

    private static void share(int outlet, List<Pusher> candidates, Pusher self, Set<LaneKey> lanes) {
        if (!candidates.contains(self)) {
            return;
        }
        int most = (PushRows.LANES + candidates.size() - 1) / candidates.size();
        int[] taken = new int[candidates.size()];
        for (int lane = 0; lane < PushRows.LANES; lane++) {
            int best = best(outlet, lane, candidates, taken, most);
            taken[best]++;
            if (candidates.get(best).equals(self)) {
                lanes.add(new LaneKey(outlet, lane));
            }
        }
    }

    private static int best(int outlet, int lane, List<Pusher> candidates, int[] taken, int most) {
        int best = -1;
        long greatest = 0;
        for (int i = 0; i < candidates.size(); i++) {
            long hash = hash(outlet, lane, candidates.get(i));
            if (taken[i] < most && (best < 0 || hash > greatest)) {
                best = i;
                greatest = hash;
            }
        }
        return best;
    }

    /** As good as random, and the same everywhere: the finalizer of SplitMix64, twice. */
    private static long hash(int outlet, int lane, Pusher pusher) {
        long place = ((long) outlet << 8) | lane;
        long who = ((long) pusher.node() << 32) | pusher.instance();
        return mixed(mixed(place) + who);
    }

    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
