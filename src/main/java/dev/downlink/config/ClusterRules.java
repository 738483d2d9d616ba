// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import dev.downlink.model.Secret;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold when a node works with others: one database, one key, and a way to find them that strangers have not. */
final class ClusterRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_%-]{1,255}");
    private static final Pattern DNS = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern MEMBER = Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.%]+])(:\\d{1,5})?");
    private static final int MIN_SECRET = 16;
    private static final String ALL_ADDRESSES = "0.0.0.0";

    private final Settings settings;
    private final Settings.Cluster cluster;
    private final Expectation expectation;

    ClusterRules(Settings settings, Expectation expectation) {
        this.settings = settings;
        this.cluster = settings.cluster();
        this.expectation = expectation;
    }

    /** Notes the mistake when it does not hold. */
    interface Expectation {
        void expect(boolean holds, String key, String what);
    }

    void check() {
        form();
        if (cluster.enabled()) {
            common();
            meeting();
        }
    }

    private void form() {
        expect(fits(NAME, cluster.name()), "cluster.name", "must be 1 to 64 letters, digits, '.', '_' and '-'");
        expect(
                fits(HOST, cluster.host()) && !ALL_ADDRESSES.equals(cluster.host()) && !"::".equals(cluster.host()),
                "cluster.host",
                "must be an address or name under which the other nodes reach this one");
        expect(fits(DNS, cluster.dns()), "cluster.dns", "must be a DNS name");
        expect(
                members().stream().allMatch(member -> fits(MEMBER, member)),
                "cluster.members",
                "must be a list of hosts, each with or without a port, such as 10.0.0.1:5701");
        Secret secret = cluster.secret();
        expect(
                secret == null || secret.value().length() >= MIN_SECRET,
                "cluster.secret",
                "must have at least " + MIN_SECRET + " characters");
        expect(
                cluster.dns() == null || members().isEmpty(),
                "cluster.dns",
                "must not be given together with cluster.members");
    }

    private void common() {
        expect(
                settings.database().uri() != null,
                "cluster.enabled",
                "needs database.uri: the embedded server belongs to one process");
        expect(
                settings.security().masterKey() != null,
                "cluster.enabled",
                "needs security.master_key, the same on all nodes");
    }

    private void meeting() {
        if (settings.clusterIsLocal()) {
            return;
        }
        expect(
                cluster.dns() != null || !members().isEmpty(),
                "cluster.enabled",
                "needs cluster.members or cluster.dns to find the nodes on other hosts");
        expect(
                cluster.secret() != null,
                "cluster.enabled",
                "needs cluster.secret, the same on all nodes, when they are on other hosts");
    }

    private List<String> members() {
        return cluster.members() == null ? List.of() : cluster.members();
    }

    private static boolean fits(Pattern pattern, @Nullable String text) {
        return text == null || pattern.matcher(text).matches();
    }

    private void expect(boolean holds, String key, String what) {
        expectation.expect(holds, key, what);
    }
}
