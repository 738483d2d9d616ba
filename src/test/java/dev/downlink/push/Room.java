// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.auth.Vault;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.OutboxRows.OfferEvent;
import dev.downlink.protocol.Request;
import dev.downlink.protocol.SessionRows.Beat;
import dev.downlink.repository.RepositoryVerticle;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The room on a real Vert.x, with the real repository and a real database, as one node of a cluster. */
final class Room implements AutoCloseable {
    static final ProjectId PROJECT = new ProjectId("p1");
    static final SpaceId SPACE = new SpaceId("s1");

    private static final Vault VAULT = new Vault(new byte[Vault.KEY_BYTES]);

    final Vertx vertx = Vertx.vertx();
    final Bus bus = Bus.of(vertx);
    final NodeIdentity node;
    private final String deployment;

    /** @param settings name and value in turn, without {@code DOWNLINK_} */
    private Room(Secret uri, int number, int instances, String... settings) {
        node = new NodeIdentity(number, "node" + number);
        List<String> all = new ArrayList<>(List.of("DATABASE_URI", uri.value(), "AMQP_PORT", "0"));
        all.addAll(List.of(settings));
        Settings effective = TestSettings.of(all.toArray(String[]::new));
        Outcome.of(vertx.deployVerticle(new RepositoryVerticle(effective, VAULT)));
        ask(new Beat(node.id(), node.name()));
        deployment = Outcome.of(vertx.deployVerticle(
                PushVerticle.instances(effective, node, new Ports()), new DeploymentOptions().setInstances(instances)));
    }

    static Room on(Secret uri, String... settings) {
        return new Room(uri, 1, 2, settings);
    }

    static Room node(int number, Secret uri, String... settings) {
        return new Room(uri, number, 1, settings);
    }

    /** A database with a project, a product and devices d1 to d9. */
    static Secret database() {
        Secret uri = TestDatabase.fresh();
        TestDatabase.execute(uri, """
            INSERT INTO project VALUES ('p1', 'one', now());
            INSERT INTO space VALUES ('p1', 's1', 'default', true, now());
            INSERT INTO product (record_id, project_id, space_id, product_id, name, device_type, protocol_type,
                data_format, services, topics, created, version)
            VALUES ('product', 'p1', 's1', 'meter', 'meter', 'Meter', 'MQTT', 'json', '[]', '[]', now(), 1);
            INSERT INTO device (device_id, record_id, project_id, space_id, product, node_id, auth_type, secure_access,
                timeout_seconds, frozen, created, version)
            SELECT 'd' || i, 'record' || i, 'p1', 's1', 'product', 'node' || i, 'SECRET', true, 0, false, now(), 1
            FROM generate_series(1, 9) i;
            INSERT INTO device_tag VALUES ('d1', 'site', 'p1', 'north')\
            """);
        return uri;
    }

    /** An active rule of property reports with an action that posts to a URL; its outlet has this number. */
    static void rule(Secret uri, int outlet, String url) {
        rule(uri, outlet, url, null);
    }

    static void rule(Secret uri, int outlet, String url, @Nullable String where) {
        TestDatabase.execute(
                uri, """
                    INSERT INTO outlet (outlet, project_id) OVERRIDING SYSTEM VALUE VALUES (%1$d, 'p1');
                    INSERT INTO rule (rule_id, record_id, project_id, subject, where_text, active, created)
                    VALUES ('r%1$d', lpad('%1$d', 24, '0'), 'p1', 'device.property:report', %3$s, true, now());
                    INSERT INTO rule_action (action_id, record_id, rule_id, project_id, outlet, channel, detail, created)
                    VALUES ('a%1$d', lpad('%1$d', 24, '0'), 'r%1$d', 'p1', %1$d, 'HTTP_FORWARDING',
                        '{"url":"%2$s","sni":false,"signed":false,"format":"DOCUMENTED"}', now())\
                    """.formatted(outlet, url, where == null ? "NULL" : "'" + where.replace("'", "''") + "'"));
    }

    /** Has an action's pushes signed. */
    static void sign(Secret uri, int outlet, String token) {
        detail(uri, outlet, "signed", "true");
        TestDatabase.execute(
                uri,
                "UPDATE rule_action SET secret = '%s' WHERE outlet = %d"
                        .formatted(VAULT.seal(new Secret(token)), outlet));
    }

    static void format(Secret uri, int outlet, String format) {
        detail(uri, outlet, "format", '"' + format + '"');
    }

    static void lead(Secret uri, int outlet, String url) {
        detail(uri, outlet, "url", '"' + url + '"');
    }

    /** Changes a member of an action's channel. */
    private static void detail(Secret uri, int outlet, String member, String json) {
        TestDatabase.execute(
                uri,
                "UPDATE rule_action SET detail = jsonb_set(detail::jsonb, '{%s}', '%s')::text WHERE outlet = %d"
                        .formatted(member, json, outlet));
    }

    void offer(String device, String body) {
        ask(new OfferEvent(PROJECT, SPACE, new DeviceId(device), Subject.DEVICE_PROPERTY, new Json(body)));
    }

    @CanIgnoreReturnValue
    <R extends Record> R ask(Request<R> request) {
        return Outcome.of(bus.ask(request));
    }

    void rulesChanged() {
        bus.publish(new Notice.RulesChanged(PROJECT));
    }

    /** Stops the room in good order. */
    void stopPushing() {
        Outcome.of(vertx.undeploy(deployment));
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }
}
