// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.downlink.model.InvalidField;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.StoredEvent;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private static final StoredEvent EVENT = Events.content("""
        {"temperature": 40, "humidity": 24, "level": 2.50, "name": "Anna", "count": "12", "on": true, "none": null, \
        "empty": [], "list": [{"a": "x"}, {"a": "y"}], "msg-type": "alarm", "order": 1, "deep": {"where": "here"}, \
        "big": 9007199254740993, "quote": "it's"}\
        """);
    private static final StoredEvent REPORT = Events.report("""
        {"services": [{"service_id": "Battery", "properties": {"level": 80, "state": "ok"}}, \
        {"service_id": "BatteryTwo", "properties": {"level": 7}}]}\
        """);

    @Test
    void withoutBothItIsForEverything() {
        assertThat(Query.parse(null, null).isAll()).isTrue();
        assertThat(Query.parse("", " ").isAll()).isTrue();
        assertThat(Query.parse("*", null).isAll()).isTrue();
        assertThat(Query.parse("select *", "").isAll()).isTrue();
        assertThat(Query.parse(null, "true").isAll()).isFalse();
        assertThat(Query.parse("resource", null).isAll()).isFalse();
    }

    @Test
    void documentedExampleSelects() {
        assertThat(selected(
                        "SELECT notify_data.header.device_id AS device_id, notify_data.body.content.list",
                        "WHERE notify_data.body.content.temperature > 38"))
                .contains("""
                    {"device_id":"d1","notify_data.body.content.list":[{"a":"x"},{"a":"y"}]}\
                    """);
    }

    @Test
    void whatIsNotThereIsSelectedAsNull() {
        assertThat(selected("notify_data.nothing.here as a, 'x' as b, 5 as c, -1.5 as d", null))
                .contains("{\"a\":null,\"b\":\"x\",\"c\":5,\"d\":-1.5}");
    }

    @Test
    void everythingAndMoreCanBeSelected() {
        assertThat(selected("*, 1 AS one", null).orElseThrow())
                .startsWith("{\"resource\":\"device.message\",\"event\":\"report\"")
                .endsWith(",\"one\":1}");
    }

    @Test
    void numbersStayAsTheyAre() {
        StoredEvent event = Events.content("{\"a\": 1.10, \"b\": 123456789012345678901234567890}");

        assertThat(Query.parse("notify_data.body.content.a as a, notify_data.body.content.b as b", null)
                        .of(event)
                        .orElseThrow()
                        .json()
                        .text())
                .isEqualTo("{\"a\":1.10,\"b\":123456789012345678901234567890}");
    }

    @Test
    void withAConditionOnlyAllOfItIsSent() {
        Query query = Query.parse(null, c("temperature") + " = 40");

        assertThat(query.isAll()).isFalse();
        assertThat(query.of(EVENT)).contains(Query.Selected.ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$temperature = 40",
                "$temperature <> 41",
                "$temperature != 41 AND $temperature >= 40 and $temperature <= 40",
                "$temperature + 2 > 41",
                "$temperature - 41 = -1",
                "$temperature * 2 / 4 = 20",
                "$temperature / $humidity > 1.6",
                "2 + 3 * 4 = 14",
                "(2 + 3) * 4 = 20",
                "10 - 3 - 2 = 5",
                "-$temperature < 0",
                "$level = 2.5",
                "$big = 9007199254740993 AND NOT $big = 9007199254740992",
                "$count > 11 AND $count = 12 AND $count = '12'",
                "$name = 'Anna'",
                "$name > 'Anm'",
                "$quote = 'it''s'",
                "$on",
                "$on = true",
                "NOT $on = false",
                "$name LIKE 'A%'",
                "$name LIKE 'a_b' OR $name LIKE 'An_a'",
                "$name NOT LIKE '%x%'",
                "$name || ' ' || $temperature = 'Anna 40'",
                "$none IS NULL AND $nothing IS NULL AND $empty IS NULL",
                "$name IS NOT NULL AND $list IS NOT NULL",
                "$name IN ('Bob', 'Anna')",
                "$temperature IN (-1, 40)",
                "$name NOT IN ('Bob')",
                "$temperature BETWEEN 39 AND 41 AND $temperature NOT BETWEEN 41 AND 50",
                "$list[1].a = 'y'",
                "$order = 1 AND $deep.where = 'here'",
                "notify_data.body.content.\"msg-type\" = 'alarm'",
                "\"notify_data.body.content.msg-type\" = 'alarm'",
                "resource = 'device.message' AND event_time_ms LIKE '2026-01-02%'",
                "GET_TAG('site') = 'north' AND get_tag('other') IS NULL",
                "CONTAINS_TAG('site') AND NOT CONTAINS_TAG('other')",
                "STARTS_WITH(notify_data.header.device_id, 'd') AND ENDS_WITH($name, 'na')",
                "CONCAT('ab', 'cd') = 'abcd'",
                "REPLACE($name, 'nn', 'd') = 'Ada'",
                "SUBSTRING($name, 1) = 'nna' AND SUBSTRING($name, 1, 3) = 'nn' AND SUBSTRING($name, 2, 99) = 'na'",
                "LOWER($name) = 'anna' AND UPPER($name) = 'ANNA'",
                "true OR $nothing = 1",
                "NOT ($nothing = 1 AND false)"
            })
    void holds(String where) {
        assertThat(holds(where, EVENT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$nothing = 1",
                "NOT $nothing = 1",
                "$nothing = $nothing",
                "$none <> 1",
                "$nothing IN (1)",
                "$nothing NOT IN (1)",
                "$name = 5",
                "$name <> 5",
                "$name NOT IN (5)",
                "$deep = $deep",
                "$temperature / 0 > 1",
                "$name + 1 > 0",
                "$name",
                "$nothing LIKE '%'",
                "false OR $nothing = 1",
                "NOT ($nothing = 1 OR false)",
                "$nothing BETWEEN 1 AND 2",
                "LOWER($nothing) IS NOT NULL",
                "GET_SERVICE('Battery') IS NOT NULL"
            })
    void whatIsNotKnownDoesNotHold(String where) {
        assertThat(holds(where, EVENT)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET_SERVICE_PROPERTY('Battery', 'level') = 80",
                "GET_SERVICE_PROPERTY('Battery', 'nothing') IS NULL",
                "GET_SERVICE_PROPERTY('Nothing', 'level') IS NULL",
                "GET_SERVICE_PROPERTIES('Battery') IS NOT NULL",
                "CONTAINS_SERVICES('Battery') AND NOT CONTAINS_SERVICES('Bat')",
                "CONTAINS_SERVICES('Bat', true) AND NOT CONTAINS_SERVICES('Bat', false)",
                "GET_SERVICES('Bat') IS NULL AND GET_SERVICES('Bat', true) IS NOT NULL",
                "notify_data.body.services[0].properties.level > 79"
            })
    void servicesCanBeAskedFor(String where) {
        assertThat(holds(where, REPORT)).isTrue();
    }

    @Test
    void servicesCanBeSelected() {
        assertThat(Query.parse(
                                "GET_SERVICES('BatteryT', true) AS s, GET_SERVICE_PROPERTIES('Battery') AS p,"
                                        + " GET_SERVICE('x') AS x",
                                null)
                        .of(REPORT)
                        .orElseThrow()
                        .json()
                        .text())
                .isEqualTo("""
                    {"s":[{"service_id":"BatteryTwo","properties":{"level":7}}],"p":{"level":80,"state":"ok"},"x":null}\
                    """);
    }

    @Test
    void tagsOfANewDeviceAreInItsBody() {
        assertThat(holds("GET_TAG('sample_key') = 'sample_value'", Specimen.of(Subject.DEVICE_CREATED, Events.PROJECT)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a = ~ is not understood at character 4: it ends, expected a value",
                "a == 1 ~ is not understood at character 4: '=', expected a value",
                "a = 1 b ~ is not understood at character 7: 'b', expected AND, OR or the end",
                "a = 1 AND 5 ~ is not understood at character 11: '5', expected a condition, this is a number",
                "'x' ~ is not understood at character 1: 'x', expected a condition, this is a text",
                "a + 1 ~ is not understood at character 1: 'a', expected a condition, this is a number",
                "a = 'x ~ is not understood at character 5: what begins here with a quote does not end",
                "a = 1 # c ~ is not understood at character 7: '#' has no meaning here; texts stand in single quotes,"
                        + " unusual names in double quotes",
                "a IN (b) ~ is not understood at character 7: 'b', expected a text in single quotes or a number",
                "a NOT 5 ~ is not understood at character 7: '5', expected LIKE, IN or BETWEEN",
                "a IS 5 ~ is not understood at character 6: '5', expected NULL",
                "(a = 1 ~ is not understood at character 7: it ends, expected ')'",
                "a. ~ is not understood at character 3: it ends, expected the name of a member",
                "a[x] = 1 ~ is not understood at character 3: 'x', expected the number of an element, the first is 0",
                "from = 1 ~ is not understood at character 1: 'from', expected a value; a member of that name stands in"
                        + " double quotes",
                "UPPER() = 'A' ~ is not understood at character 1: 'UPPER', UPPER takes 1 argument",
                "SUBSTRING('a') = 'A' ~ is not understood at character 1: 'SUBSTRING', SUBSTRING takes 2 or 3"
                        + " arguments",
                "(a = 1) + 2 = 3 ~ is not understood at character 1: '(', expected a number for '+'",
                "a = 1234567890123456789 ~ is not understood at character 5: '1234567890123456789', expected a number"
                        + " of not more than 18 digits"
            })
    void whatIsNotUnderstoodIsRefusedWithItsPlace(String where, String why) {
        assertThatExceptionOfType(InvalidField.class)
                .isThrownBy(() -> Query.parse(null, where))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo("where");
                    assertThat(e.why()).isEqualTo(why);
                });
    }

    @Test
    void functionThatThereIsNotIsRefusedWithThoseThatThereAre() {
        assertThatExceptionOfType(InvalidField.class)
                .isThrownBy(() -> Query.parse("SLEEP(5) AS a", null))
                .satisfies(e -> assertThat(e.why())
                        .startsWith("is not understood at character 1: 'SLEEP', there is no such function, only"
                                + " [GET_TAG, "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "5",
                "'x'",
                "a AS",
                "a AS 'x'",
                "a, ",
                "a + 1",
                "1 AS a, 2 AS a",
                "a WHERE b = 1",
                "a FROM b"
            })
    void selectionsThatAreNotUnderstoodAreRefused(String select) {
        assertThatExceptionOfType(InvalidField.class)
                .isThrownBy(() -> Query.parse(select, null))
                .satisfies(e -> assertThat(e.field()).isEqualTo("select"));
    }

    @Test
    void nestingHasABound() {
        assertThat(holds("(".repeat(32) + "true" + ")".repeat(32), EVENT)).isTrue();
        for (String one : List.of("(", "NOT ", "1 = -", "UPPER(")) {
            assertThatExceptionOfType(InvalidField.class)
                    .isThrownBy(() -> Query.parse(null, one.repeat(400) + "1"))
                    .satisfies(e -> assertThat(e.why()).isNotEmpty());
        }
    }

    @Test
    void longChainsAreWorkedOut() {
        assertThat(holds("1" + "+1".repeat(1000) + " = 1001", EVENT)).isTrue();
        assertThat(holds("true" + " AND true".repeat(250), EVENT)).isTrue();
    }

    @Test
    void tooMuchTextIsRefused() {
        assertThatExceptionOfType(InvalidField.class)
                .isThrownBy(() -> Query.parse(null, "true" + " ".repeat(2500)))
                .satisfies(e -> assertThat(e.why()).startsWith("must not be longer than 2500"));
    }

    @Test
    void hugeTextsAreNotLookedInto() {
        StoredEvent event =
                Events.content("{\"a\": \"" + "a".repeat(8193) + "\", \"b\": \"" + "a".repeat(8000) + "\"}");

        assertThat(holds("$a LIKE 'a%'", event)).isFalse();
        assertThat(holds("$b LIKE '" + "%a".repeat(1000) + "%b'", event)).isFalse();
        assertThat(holds("REPLACE($b, 'a', 'aa') IS NULL", event)).isTrue();
        assertThat(holds("$b || $b IS NULL", event)).isTrue();
    }

    @Test
    void hugeNumbersAreReadAndPassedOn() {
        String digits = "9".repeat(131_072);
        StoredEvent event = Events.content("{\"a\": " + digits + "}");

        assertThat(holds("$a > 1", event)).isTrue();
        assertThat(Query.parse("notify_data.body.content.a AS a", null)
                        .of(event)
                        .orElseThrow()
                        .json()
                        .text())
                .isEqualTo("{\"a\":" + digits + "}");
    }

    /** Whatever is written it is understood or refused, and what is understood can be worked out. */
    @Test
    void anythingIsUnderstoodOrRefused() {
        Random random = new Random(1);
        List<String> parts = List.of(
                "a",
                "notify_data",
                ".",
                "\"x\"",
                "body",
                "content",
                "temperature",
                "[",
                "0",
                "]",
                "=",
                "<>",
                "<",
                ">=",
                "AND",
                "OR",
                "NOT",
                "LIKE",
                "IN",
                "IS",
                "NULL",
                "BETWEEN",
                "(",
                ")",
                ",",
                "'t%'",
                "5",
                "2.5",
                "-",
                "+",
                "*",
                "/",
                "||",
                "true",
                "GET_TAG",
                "CONCAT",
                "SUBSTRING",
                "AS",
                "SELECT",
                "WHERE",
                "'",
                "\"",
                "%",
                "é");
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = random.ints(1 + random.nextInt(12), 0, parts.size())
                    .mapToObj(parts::get)
                    .collect(Collectors.joining(random.nextBoolean() ? " " : ""));
            understood += isWorkedOut(null, text) + isWorkedOut(text, null);
        }

        assertThat(understood).isGreaterThan(300);
    }

    private static int isWorkedOut(@Nullable String select, @Nullable String where) {
        Query query;
        try {
            query = Query.parse(select, where);
        } catch (InvalidField e) {
            assertThat(e.why()).contains("at character");
            return 0;
        }
        Optional<Query.Selected> first = query.of(EVENT);
        assertThat(query.of(EVENT)).isEqualTo(first);
        return 1;
    }

    /** @param where with {@code $} for the content of a message */
    private static boolean holds(String where, StoredEvent event) {
        return Query.parse(null, where.replace("$", c(""))).of(event).isPresent();
    }

    private static String c(String name) {
        return "notify_data.body.content." + name;
    }

    private static Optional<String> selected(String select, @Nullable String where) {
        return Query.parse(select, where)
                .of(EVENT)
                .map(selected -> selected.json().text());
    }
}
