// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.downlink.model.Secret;
import dev.downlink.support.Api;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No secret in a log, an error or an unencrypted column. */
class SecretsIT {
    private static final String SECRET = "a-very-secret-0123";
    private static final String SECONDARY = "another-secret-4567";
    private static final String TOKEN = "TokenOfTheReceiver1";
    private static final String PASSWORD = "password-of-the-broker";
    private static final String STORAGE_KEY = "secret-key-of-the-bucket";
    private static final String PAYLOAD = "payload-that-nobody-logs";

    @Test
    void secretsAreNeitherLoggedNorStoredAsTheyAre() throws SQLException {
        Secret database = TestDatabase.fresh();
        List<String> log = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> ear = listen(log);
        List<String> secrets = new ArrayList<>(List.of(SECRET, SECONDARY, TOKEN, PASSWORD, STORAGE_KEY));
        List<String> answers = new ArrayList<>();
        try (TestGateway gateway = TestGateway.on(database)) {
            Api api = gateway.project("project");
            secrets.add(api.signer().secretKey());
            use(gateway, api, answers);
            secrets.add(forward(api, answers));
        } finally {
            ear.stop();
        }

        String stored = everything(database);
        for (String secret : secrets) {
            assertThat(log).noneMatch(line -> line.contains(secret));
            assertThat(answers).noneMatch(line -> line.contains(secret));
            assertThat(stored).doesNotContain(secret);
        }
        assertThat(log)
                .noneMatch(line -> line.contains(PAYLOAD) || line.contains("cGF5bG9hZC"))
                .isNotEmpty();
        assertThat(stored).contains("Meter_1");
    }

    private static void use(TestGateway gateway, Api api, List<String> answers) {
        api.createProduct("Meter");
        api.createDevice("Meter", "1", SECRET);
        api.post(
                "/devices/Meter_1/action?action_id=resetSecret",
                new JsonObject().put("secret", SECONDARY).put("secret_type", "SECONDARY"));
        gateway.connect("Meter_1", SECONDARY);
        JsonObject command = new JsonObject().put("paras", new JsonObject().put("value", PAYLOAD));
        assertThat(api.post("/devices/Meter_1/commands", command).status()).isEqualTo(200);
        JsonObject message = new JsonObject().put("message_id", "m1").put("message", PAYLOAD);
        assertThat(api.message("Meter_1", message).status()).isEqualTo(201);
        answers.add(api.message("Meter_1", message).body().encode());
        assertThat(api.message("Meter_1", message.copy().put("message_id", "m2").put("ttl", 7))
                        .status())
                .isEqualTo(400);
        assertThat(api.post(
                                "/broadcast-messages",
                                new JsonObject()
                                        .put("topic_full_name", "$oc/broadcast/x")
                                        .put("message", "cGF5bG9hZC10aGF0LW5vYm9keS1sb2dz"))
                        .status())
                .isEqualTo(201);
        answers.add(api.createDevice("Meter", "1", SECRET).body().encode());
        answers.add(api.createDevice("Meter", "2", SECRET + "$").body().encode());
        answers.add(api.call("POST", "/devices", "{\"auth_info\":{\"secret\":\"" + SECRET + "\"}")
                .body()
                .encode());
        answers.add(api.get("/devices").body().encode());
    }

    /** Makes, shows, changes and tries all channels that have a secret, and an access code, which it gives back. */
    private static String forward(Api api, List<String> answers) {
        JsonObject subject = new JsonObject().put("resource", "device.status").put("event", "update");
        String rule = api.post("/routing-rule/rules", new JsonObject().put("subject", subject))
                .body()
                .getString("rule_id");
        JsonObject place = new JsonObject().put("region_name", "r").put("project_id", "p");
        JsonArray addresses =
                new JsonArray().add(new JsonObject().put("ip", "127.0.0.1").put("port", 1));
        JsonObject http = new JsonObject()
                .put("url", "http://127.0.0.1:1/events")
                .put("signature_enable", true)
                .put("token", TOKEN);
        JsonObject kafka = place.copy()
                .put("addresses", addresses)
                .put("topic", "t")
                .put("username", "u")
                .put("password", PASSWORD);
        JsonObject storage = place.copy()
                .put("bucket_name", "bucket")
                .put("endpoint", "http://127.0.0.1:1")
                .put("access_key", "k")
                .put("secret_key", STORAGE_KEY);
        answers.addAll(action(api, rule, "HTTP_FORWARDING", http));
        answers.addAll(action(api, rule, "DMS_KAFKA_FORWARDING", kafka));
        answers.addAll(action(api, rule, "OBS_FORWARDING", storage));
        answers.add(api.get("/routing-rule/actions").body().encode());
        answers.add(api.put("/routing-rule/rules/" + rule, new JsonObject().put("active", true))
                .body()
                .encode());
        return api.post("/auth/accesscode", new JsonObject()).body().getString("access_code");
    }

    private static List<String> action(Api api, String rule, String channel, JsonObject detail) {
        String member = channel.toLowerCase(Locale.ROOT);
        JsonObject action = new JsonObject()
                .put("rule_id", rule)
                .put("channel", channel)
                .put("channel_detail", new JsonObject().put(member, detail));
        JsonObject made = api.post("/routing-rule/actions", action).body();
        String one = "/routing-rule/actions/" + made.getString("action_id");
        JsonObject wrong = action.copy();
        wrong.getJsonObject("channel_detail")
                .getJsonObject(member)
                .put("format", "none")
                .put("file_path", "{none}");
        return List.of(
                made.encode(),
                api.get(one).body().encode(),
                api.put(one, action).body().encode(),
                api.put(one, wrong).body().encode(),
                api.post(one + "/test", new JsonObject()).body().encode());
    }

    private static AppenderBase<ILoggingEvent> listen(List<String> log) {
        Logger root = (Logger) LoggerFactory.getLogger("dev.downlink");
        root.setLevel(Level.DEBUG);
        AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                log.add(event.getFormattedMessage());
            }
        };
        ear.start();
        root.addAppender(ear);
        return ear;
    }

    /** The text of every row of every table. */
    private static String everything(Secret database) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = TestDatabase.connect(database);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
                    while (rows.next()) {
                        text.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return text.toString();
    }
}
