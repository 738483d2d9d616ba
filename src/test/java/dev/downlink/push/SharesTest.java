// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.ProjectId;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.protocol.PushRows.Pusher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
    private static final List<Outlet> OUTLETS =
            IntStream.range(1, 101).mapToObj(SharesTest::action).toList();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 11})
    void everyLaneIsSomebodysAndNobodyHasMoreThanAFairPart(int count) {
        List<Pusher> pushers = pushers(count);

        Set<LaneKey> all = new HashSet<>();
        for (Pusher pusher : pushers) {
            Set<LaneKey> own = of(pushers, pusher);
            assertThat(all).doesNotContainAnyElementsOf(own);
            all.addAll(own);
            assertThat(perOutlet(own).values()).allMatch(lanes -> lanes <= (8 + count - 1) / count);
        }

        assertThat(all).hasSize(800);
    }

    @Test
    void orderOfThePushersDoesNotMatter() {
        List<Pusher> pushers = pushers(3);

        assertThat(of(pushers.reversed(), pushers.getFirst())).isEqualTo(of(pushers, pushers.getFirst()));
    }

    @Test
    void fewLanesMoveWhenSomebodyComes() {
        List<Pusher> before = pushers(4);
        List<Pusher> after = pushers(5);

        long moved = before.stream()
                .mapToLong(pusher -> of(before, pusher).stream()
                        .filter(lane -> !of(after, pusher).contains(lane))
                        .count())
                .sum();

        assertThat(moved).isLessThan(800 / 2);
    }

    @Test
    void queueIsForThoseWhoHaveReceivers() {
        Outlet queue = new Outlet(7, new ProjectId("p"), "queue", null, List.of(), 0);
        List<Pusher> pushers = new ArrayList<>(pushers(3));
        pushers.add(new Pusher(7, 2, 0));
        Shares shares = new Shares(pushers);

        assertThat(shares.of(List.of(queue), 2, 0)).hasSize(8);
        assertThat(shares.of(List.of(queue), 1, 0)).isEmpty();
    }

    @Test
    void whoIsNotKnownGetsNothing() {
        assertThat(new Shares(pushers(2)).of(OUTLETS, 77, 0)).isEmpty();
    }

    private static Set<LaneKey> of(List<Pusher> pushers, Pusher self) {
        return new Shares(pushers).of(OUTLETS, self.node(), self.instance());
    }

    private static Map<Integer, Integer> perOutlet(Set<LaneKey> lanes) {
        Map<Integer, Integer> counts = new HashMap<>();
        lanes.forEach(lane -> counts.merge(lane.outlet(), 1, Integer::sum));
        return counts;
    }

    private static List<Pusher> pushers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Pusher(0, i / 2, i % 2))
                .toList();
    }

    private static Outlet action(int id) {
        return new Outlet(id, new ProjectId("p"), null, null, List.of(), 0);
    }
}
