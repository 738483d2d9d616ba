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
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No secret in a log, an error or an unencrypted column. */
class SecretsIT {
    private static final String SECRET = "a-very-secret-0123";
    private static final String SECONDARY = "another-secret-4567";
    private static final String PAYLOAD = "payload-that-nobody-logs";

    @Test
    void secretsAreNeitherLoggedNorStoredAsTheyAre() throws SQLException {
        Secret database = TestDatabase.fresh();
        List<String> log = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> ear = listen(log);
        String secretKey;
        List<String> errors = new ArrayList<>();
        try (TestGateway gateway = TestGateway.on(database)) {
            Api api = gateway.project("project");
            secretKey = api.signer().secretKey();
            use(gateway, api, errors);
        } finally {
            ear.stop();
        }

        String stored = everything(database);
        for (String secret : List.of(SECRET, SECONDARY, secretKey)) {
            assertThat(log).noneMatch(line -> line.contains(secret));
            assertThat(errors).noneMatch(line -> line.contains(secret));
            assertThat(stored).doesNotContain(secret);
        }
        assertThat(log)
                .noneMatch(line -> line.contains(PAYLOAD) || line.contains("cGF5bG9hZC"))
                .isNotEmpty();
        assertThat(stored).contains("Meter_1");
    }

    private static void use(TestGateway gateway, Api api, List<String> errors) {
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
        errors.add(api.message("Meter_1", message).body().encode());
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
        errors.add(api.createDevice("Meter", "1", SECRET).body().encode());
        errors.add(api.createDevice("Meter", "2", SECRET + "$").body().encode());
        errors.add(api.call("POST", "/devices", "{\"auth_info\":{\"secret\":\"" + SECRET + "\"}")
                .body()
                .encode());
        errors.add(api.get("/devices").body().encode());
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
