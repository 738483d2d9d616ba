// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("dev.downlink.test");

    @Test
    void aLineHasTheFixedKeysAndIsOneLine() {
        String line = text(event(null, "two\nlines"));

        assertThat(line).endsWith("}\n").doesNotContain("two\n");
        JsonObject json = new JsonObject(line);
        assertThat(json.fieldNames()).containsExactly("time", "level", "logger", "thread", "message");
        assertThat(json.getInstant("time")).isNotNull();
        assertThat(json.getString("level")).isEqualTo("INFO");
        assertThat(json.getString("logger")).isEqualTo("dev.downlink.test");
        assertThat(json.getString("message")).isEqualTo("two\nlines");
    }

    @Test
    void keysOfTheTemplateBecomeFields() {
        JsonObject json = json(event(null, "device={} of {} refused, waiting={}", "d1", "gateway=g1", 3));

        assertThat(json.getString("device")).isEqualTo("d1");
        assertThat(json.getInteger("waiting")).isEqualTo(3);
        assertThat(json.getString("message")).isEqualTo("device=d1 of gateway=g1 refused, waiting=3");
    }

    @Test
    void valuesCannotForgeFields() {
        JsonObject json = json(event(null, "device={}", "x\",\"error\":\"forged\" error={}"));

        assertThat(json.fieldNames()).doesNotContain("error", "gateway");
        assertThat(json.getString("device")).isEqualTo("x\",\"error\":\"forged\" error={}");
    }

    @Test
    void aTemplateCannotReplaceTheFixedKeys() {
        assertThat(json(event(null, "level={}", "mine")).getString("level")).isEqualTo("INFO");
    }

    @Test
    void keyValuePairsBecomeFields() {
        LoggingEvent event = event(null, "hello");
        event.setKeyValuePairs(List.of(new KeyValuePair("request", "r1")));

        assertThat(json(event).getString("request")).isEqualTo("r1");
    }

    @Test
    void anExceptionIsAFieldWithItsStackTrace() {
        JsonObject json = json(event(new IllegalStateException("boom"), "incident={}", "i1"));

        assertThat(json.getString("incident")).isEqualTo("i1");
        assertThat(json.getString("exception"))
                .startsWith("java.lang.IllegalStateException: boom")
                .contains("JsonLinesTest");
    }

    private LoggingEvent event(Throwable e, String template, Object... arguments) {
        return new LoggingEvent("fqcn", logger, Level.INFO, template, e, arguments);
    }

    private JsonObject json(LoggingEvent event) {
        return new JsonObject(text(event));
    }

    private String text(LoggingEvent event) {
        JsonLines lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        return new String(lines.encode(event), StandardCharsets.UTF_8);
    }
}
