// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.DeviceFilter.Alternative;
import dev.downlink.model.DeviceFilter.Condition;
import dev.downlink.model.SearchField.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSearchTest {

    private static DeviceSearch parse(String sql) {
        return DeviceSearch.parse(sql);
    }

    private static Condition only(String where) {
        return parse("select * from device where " + where)
                .filter()
                .anyOf()
                .getFirst()
                .conditions()
                .getFirst();
    }

    @Test
    void theLeastAsksForTheNewestTen() {
        assertThat(parse("select * from device"))
                .isEqualTo(new DeviceSearch(List.of(), false, DeviceFilter.ALL, false, 10, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT * FROM device LIMIT 20,50", "select\n*\tfrom device limit 20 , 50;"})
    void keywordsMayBeInAnyCase(String sql) {
        assertThat(parse(sql)).isEqualTo(new DeviceSearch(List.of(), false, DeviceFilter.ALL, false, 50, 20));
    }

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "order by marker, true",
        "order by marker asc, true",
        "ORDER BY marker DESC, false",
    })
    void orderIsThatOfTheMarker(String order, boolean oldestFirst) {
        assertThat(parse("select * from device " + order).oldestFirst()).isEqualTo(oldestFirst);
    }

    @ParameterizedTest
    @ValueSource(strings = {"count(*)", "count(1)", "COUNT ( * )"})
    void onlyTheNumberMayBeAskedFor(String count) {
        assertThat(parse("select " + count + " from device").count()).isTrue();
    }

    @Test
    void membersAreKeptInTheirOrder() {
        assertThat(parse("select status, device_id,tags from device").members())
                .containsExactly("status", "device_id", "tags");
    }

    @Test
    void andBindsStrongerThanOr() {
        DeviceFilter filter = parse("select * from device where node_id = 'a' and status != 'ONLINE' or marker > '"
                        + "0".repeat(24) + "'")
                .filter();

        assertThat(filter)
                .isEqualTo(new DeviceFilter(List.of(
                        new Alternative(List.of(
                                new Condition(SearchField.NODE_ID, Operator.EQUAL, List.of("a")),
                                new Condition(SearchField.STATUS, Operator.NOT_EQUAL, List.of("ONLINE")))),
                        new Alternative(List.of(
                                new Condition(SearchField.MARKER, Operator.GREATER, List.of("0".repeat(24))))))));
    }

    @Test
    void quotesInAValueAreDoubled() {
        assertThat(only("device_name = 'it''s'").value()).isEqualTo("it's");
    }

    @Test
    void valuesAreNotLookedInto() {
        assertThat(only("device_name = '\" or 1=1; -- ) %'").value()).isEqualTo("\" or 1=1; -- ) %");
    }

    @Test
    void listsAreKeptAsTheyAre() {
        assertThat(only("device_id not in ('a', 'b','a')"))
                .isEqualTo(new Condition(SearchField.DEVICE_ID, Operator.NOT_IN, List.of("a", "b", "a")));
    }

    @Test
    void likeIsABeginning() {
        assertThat(only("device_name like '水表_-A1%'").value()).isEqualTo("水表_-A1");
    }

    @Test
    void fiveConditionsAreTheMost() {
        String five = "node_id = '1' and node_id = '2' or node_id = '3' and node_id = '4' or node_id = '5'";

        assertThat(parse("select * from device where " + five).filter().valuesOf(SearchField.NODE_ID))
                .containsExactly("1", "2", "3", "4", "5");
        assertThatThrownBy(() -> parse("select * from device where " + five + " and node_id = '6'"))
                .hasMessage("sql is not understood at character 116: 'node_id', there may be 5 conditions");
    }

    @Test
    void fourHundredCharactersAreTheMost() {
        String sql = "select * from device";

        assertThat(parse(sql + " ".repeat(400 - sql.length())).count()).isFalse();
        assertThatThrownBy(() -> parse(sql + " ".repeat(401 - sql.length())))
                .hasMessage("sql must not be longer than 400 characters, it has 401");
    }

    /** What is wrong and the place where it is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "delete from device | 1 | expected SELECT",
                "select | 7 | expected *",
                "select * | 9 | expected FROM",
                "select * from | 14 | expected device",
                "select * from devices | 15 | expected device",
                "select * from DEVICE | 15 | expected device",
                "select * from device, product | 21 | expected nothing more",
                "select * from device d | 22 | expected nothing more",
                "select * from device join x on 1 | 22 | expected nothing more",
                "select * from device union select * from device | 22 | expected nothing more",
                "select * from device; select * from device | 23 | expected nothing more",
                "select * from (select * from device) | 15 | expected device",
                "select *, device_id from device | 9 | expected FROM",
                "select secret from device | 8 | members of the answer",
                "select device_id as id from device | 18 | expected FROM",
                "select device_id, from device | 19 | members of the answer",
                "select 'x' from device | 8 | members of the answer",
                "select max(marker) from device | 8 | members of the answer",
                "select count(device_id) from device | 14 | expected count",
                "select count(2) from device | 14 | expected count",
                "select count * from device | 14 | expected '('",
                "select count(* from device | 16 | expected ')'",
                "select distinct * from device | 8 | members of the answer",
                "select * from device where | 27 | name of a field",
                "select * from device where 1=1 | 28 | name of a field",
                "select * from device where secret = 'x' | 28 | name of a field",
                "select * from device where DEVICE_ID = 'x' | 28 | name of a field",
                "select * from device where (node_id = 'x') | 28 | cannot be nested",
                "select * from device where not node_id = 'x' | 28 | name of a field",
                "select * from device where node_id | 35 | expected =",
                "select * from device where node_id == 'x' | 37 | single quotes",
                "select * from device where node_id <> 'x' | 36 | cannot be compared so",
                "select * from device where node_id is null | 36 | expected =",
                "select * from device where node_id not like 'abcd%' | 40 | expected IN",
                "select * from device where node_id between 'a' and 'b' | 36 | expected =",
                "select * from device where node_id = null | 38 | single quotes",
                "select * from device where node_id = 5 | 38 | single quotes",
                "select * from device where node_id = \"\"x\"\" | 38 | single quotes",
                "select * from device where node_id = other | 38 | single quotes",
                "select * from device where node_id = '' | 38 | not empty",
                "select * from device where node_id = 'x | 38 | does not end",
                "select * from device where node_id = 'x''  | 38 | does not end",
                "select * from device where node_id > 'x' | 36 | cannot be compared so",
                "select * from device where create_time like '2015%' | 40 | cannot be compared so",
                "select * from device where device_id like 'abcd%' | 38 | cannot be compared so",
                "select * from device where tag_key in ('a') | 36 | cannot be compared so",
                "select * from device where tag_value not in ('a') | 38 | cannot be compared so",
                "select * from device where node_id in 'a' | 39 | expected '('",
                "select * from device where node_id in () | 40 | single quotes",
                "select * from device where node_id in ('a' 'b') | 44 | expected ')'",
                "select * from device where node_id in ('a', | 44 | single quotes",
                "select * from device where node_id like 'abc%' | 41 | four or more",
                "select * from device where node_id like 'abcd' | 41 | four or more",
                "select * from device where node_id like '%abcd' | 41 | four or more",
                "select * from device where node_id like 'ab%cd%' | 41 | four or more",
                "select * from device where node_id like 'abcd%%' | 41 | four or more",
                "select * from device where device_name like 'a b c%' | 45 | four or more",
                "select * from device where status = 'online' | 37 | expected a status",
                "select * from device where status in ('ONLINE','AWAY') | 48 | expected a status",
                "select * from device where node_type = 'UNKNOWN' | 40 | expected a node type",
                "select * from device where create_time > '2015-06-06' | 42 | expected a time",
                "select * from device where create_time > '2015-06-31T12:10:10.000Z' | 42 | expected a time",
                "select * from device where create_time > '20150606T121010Z' | 42 | expected a time",
                "select * from device where marker < 'fff' | 37 | 24 hexadecimal",
                "select * from device where node_id = 'a' and | 45 | name of a field",
                "select * from device where node_id = 'a' node_id = 'b' | 42 | expected nothing more",
                "select * from device where node_id = 'a' xor node_id = 'b' | 42 | expected nothing more",
                "select * from device order marker | 28 | expected BY",
                "select * from device order by device_id | 31 | only be that of marker",
                "select * from device order by marker, node_id | 37 | expected nothing more",
                "select * from device order by marker up | 38 | expected nothing more",
                "select * from device group by status | 22 | expected nothing more",
                "select * from device limit | 27 | expected rows",
                "select * from device limit 0 | 28 | expected rows",
                "select * from device limit 51 | 28 | expected rows",
                "select * from device limit -1 | 28 | no meaning",
                "select * from device limit 'a' | 28 | expected rows",
                "select * from device limit 501,1 | 28 | expected offset",
                "select * from device limit 1,51 | 30 | expected rows",
                "select * from device limit 99999999999 | 28 | expected rows",
                "select * from device limit 5 offset 5 | 30 | expected nothing more",
                "select * from device limit 5 where node_id = 'a' | 30 | expected nothing more",
                "select * from device -- all | 22 | no meaning",
                "select * from device /* all */ | 22 | no meaning",
                "select * from device where node_id = $1 | 38 | no meaning",
                "select * from device where node_id = ? | 38 | no meaning",
                "select * from device where nöde = 'x' | 29 | no meaning",
            })
    void whatIsNotUnderstoodIsRefusedWithItsPlace(String sql, int at, String why) {
        assertThatThrownBy(() -> parse(sql))
                .isInstanceOfSatisfying(
                        InvalidField.class, e -> assertThat(e.field()).isEqualTo("sql"))
                .hasMessageStartingWith("sql is not understood at character " + at + ": ")
                .hasMessageContaining(why);
    }

    @Test
    void nothingIsNoSearch() {
        assertThatThrownBy(() -> parse("")).hasMessage("sql is mandatory");
    }

    @Test
    void aRuleIsTheConditionsAlone() {
        assertThat(DeviceFilter.parse("status = 'ONLINE' or tag_key = 'x'").anyOf())
                .hasSize(2);
        assertThatThrownBy(() -> DeviceFilter.parse("where status = 'ONLINE'"))
                .hasMessageStartingWith("dynamic_group_rule is not understood at character 1: ");
        assertThatThrownBy(() -> DeviceFilter.parse("status = 'ONLINE' limit 5"))
                .hasMessageContaining("at character 19: 'limit', expected nothing more");
    }

    @Test
    void aRuleNamesNoGroup() {
        assertThatThrownBy(() -> DeviceFilter.parse("group_id != 'x'"))
                .hasMessage("dynamic_group_rule must not name a group");
    }
}
