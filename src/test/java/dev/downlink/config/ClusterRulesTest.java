// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterRulesTest {
    private static final Map<String, String> LOCAL = Map.of(
            "DOWNLINK_CLUSTER", "on",
            "DOWNLINK_DATABASE_URI", "postgresql://u:p@db/downlink",
            "DOWNLINK_SECURITY_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

    @Test
    void onOneMachineDatabaseAndKeyAreEnough() {
        Settings settings = SettingsReader.read(Optional.empty(), LOCAL);

        assertThat(settings.clusterIsLocal()).isTrue();
        assertThat(settings.cluster())
                .isEqualTo(new Settings.Cluster(true, "downlink", null, null, 5701, 0, null, null));
    }

    @Test
    void overSeveralHostsThereIsAWayToFindThemAndASecret() {
        Settings settings = SettingsReader.read(
                Optional.empty(),
                and(Map.of(
                        "DOWNLINK_HOST", "0.0.0.0",
                        "DOWNLINK_CLUSTER_SECRET", "a-secret-of-the-cluster",
                        "DOWNLINK_CLUSTER_MEMBERS", "10.0.0.1, db-host:5702,[fe80::1]:5701")));

        assertThat(settings.clusterIsLocal()).isFalse();
        assertThat(settings.cluster().members()).containsExactly("10.0.0.1", "db-host:5702", "[fe80::1]:5701");
    }

    @Test
    void withoutDatabaseAndKeyOfItsOwnNoNodeJoins() {
        assertThat(mistakes(Map.of("DOWNLINK_CLUSTER", "on")))
                .containsExactly(
                        "DOWNLINK_CLUSTER: needs database.uri: the embedded server belongs to one process",
                        "DOWNLINK_CLUSTER: needs security.master_key, the same on all nodes");
    }

    @Test
    void onOpenNetworksStrangersAreKeptOut() {
        assertThat(mistakes(and(Map.of("DOWNLINK_HOST", "0.0.0.0"))))
                .containsExactly(
                        "DOWNLINK_CLUSTER: needs cluster.members or cluster.dns to find the nodes on other hosts",
                        "DOWNLINK_CLUSTER: needs cluster.secret, the same on all nodes, when they are on other hosts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        DOWNLINK_CLUSTER_NAME     | a b              | must be 1 to 64 letters, digits, '.', '_' and '-'
        DOWNLINK_CLUSTER_SECRET   | short            | must have at least 16 characters
        DOWNLINK_CLUSTER_HOST     | 0.0.0.0          | must be an address or name under which the other nodes reach this one
        DOWNLINK_CLUSTER_PORT     | 0                | must be a whole number from 1 to 65535, not '0'
        DOWNLINK_CLUSTER_PORT     | 1883             | must differ from mqtt.port, which is 1883 too
        DOWNLINK_CLUSTER_MEMBERS  | a:b:c            | must be a list of hosts, each with or without a port, such as 10.0.0.1:5701
        DOWNLINK_CLUSTER_MEMBERS  | a,,b             | must be a list without empty places
        DOWNLINK_CLUSTER_DNS      | a/b              | must be a DNS name
        """)
    void aMistakeIsNamed(String variable, String value, String expected) {
        assertThat(mistakes(and(Map.of(variable, value)))).contains(variable + ": " + expected);
    }

    @Test
    void oneWayToFindNodesIsEnough() {
        assertThat(mistakes(and(Map.of("DOWNLINK_CLUSTER_DNS", "nodes", "DOWNLINK_CLUSTER_MEMBERS", "a"))))
                .containsExactly("DOWNLINK_CLUSTER_DNS: must not be given together with cluster.members");
    }

    private static Map<String, String> and(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(LOCAL);
        all.putAll(more);
        return all;
    }

    private static List<String> mistakes(Map<String, String> variables) {
        return catchThrowableOfType(ConfigException.class, () -> SettingsReader.read(Optional.empty(), variables))
                .mistakes()
                .stream()
                .map(ConfigException.Mistake::toString)
                .toList();
    }
}
