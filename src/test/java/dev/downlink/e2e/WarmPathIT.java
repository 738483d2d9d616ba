// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.support.Api;
import dev.downlink.support.Metrics;
import dev.downlink.support.TestGateway;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A command to a device that is known already costs the database nothing. */
class WarmPathIT {
    private static final int AT_A_TIME = 50;
    private static final int ROUNDS = 10;
    /** Statements of one request of the upkeep. */
    private static final int MOST_OF_ONE = 3;
    /** What a node does by itself every few seconds. */
    private static final Set<String> UPKEEP = Set.of(
            "Beat",
            "ReapNode",
            "ReapNodes",
            "EndOrphans",
            "TellAbsent",
            "DeleteUnused",
            "ExpireMessages",
            "CollectStragglers",
            "LookForEvents",
            "ShareLanes",
            "SelectOutlets",
            "SelectBacklogs",
            "ClaimSweeps",
            "CollectOrphans");

    @Test
    void commandsRunNoStatementOnceTheCachesAreWarm() {
        try (TestGateway gateway = TestGateway.start()) {
            Api api = gateway.project("warm");
            api.createProduct("Meter");
            api.createDevice("Meter", "one", "a-device-secret");
            gateway.connect("Meter_one", "a-device-secret");
            // so many at a time that every event loop gets some
            commands(api);
            Metrics before = Metrics.of(gateway.port("management"));

            for (int round = 0; round < ROUNDS; round++) {
                commands(api);
            }

            Metrics after = Metrics.of(gateway.port("management"));
            assertThat(asked(after)).as("asked of the repository").isPositive().isEqualTo(asked(before));
            assertThat(statements(after) - statements(before))
                    .as("statements while there were %d commands", AT_A_TIME * ROUNDS)
                    .isLessThan(AT_A_TIME * ROUNDS / 10.0 + MOST_OF_ONE * (upkeep(after) - upkeep(before)));
        }
    }

    private static void commands(Api api) {
        var all = IntStream.range(0, AT_A_TIME)
                .mapToObj(_ -> api.command("Meter_one"))
                .toList();
        assertThat(all.stream().map(CompletableFuture::join).map(Api.Answer::status))
                .containsOnly(200);
    }

    private static double statements(Metrics metrics) {
        return metrics.value("downlink_database_statements_seconds_count{outcome=\"ok\"}");
    }

    private static double asked(Metrics metrics) {
        return asked(metrics, names(RepositoryRequest.class).filter(name -> !UPKEEP.contains(name)));
    }

    private static double upkeep(Metrics metrics) {
        return asked(metrics, UPKEEP.stream());
    }

    private static double asked(Metrics metrics, Stream<String> requests) {
        return requests.mapToDouble(
                        name -> metrics.value("downlink_bus_requests_total{outcome=\"ok\",request=\"" + name + "\"}"))
                .sum();
    }

    private static Stream<String> names(Class<?> request) {
        return request.isSealed()
                ? Stream.of(request.getPermittedSubclasses()).flatMap(WarmPathIT::names)
                : Stream.of(request.getSimpleName());
    }
}
