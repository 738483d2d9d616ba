// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.RuleRequest.AddRule;
import dev.downlink.protocol.RuleRequest.ChangeRule;
import dev.downlink.protocol.RuleRequest.DeleteRule;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRequest.RuleView;
import dev.downlink.protocol.RuleRows.ListRules;
import dev.downlink.protocol.RuleRows.RuleFilter;
import dev.downlink.protocol.RuleRows.RulePage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleRoutesTest {
    private static final String ALL = "/v5/iot/p1/routing-rule/rules";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final RuleId R = new RuleId("r1");
    private static final RecordId RECORD = new RecordId("0123456789abcdef01234567");
    private static final String SUBJECT = "\"subject\":{\"resource\":\"device.status\",\"event\":\"update\"}";

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    private static RoutingRule rule(@Nullable String space, @Nullable String select) {
        return new RoutingRule(
                R,
                RECORD,
                PROJECT,
                space == null ? null : new SpaceId(space),
                Subject.DEVICE_STATUS,
                "Rule",
                "about",
                select,
                null,
                true,
                Instant.EPOCH);
    }

    @Test
    void aRuleIsAddedForAllSpacesAndWithoutAQueryUnlessToldOtherwise() {
        api.fake(_ -> new RuleView(rule(null, null)));

        Api.Reply reply = api.post(ALL, "{" + SUBJECT + ",\"select\":\"\",\"rule_name\":\"Rule\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"rule_id\":\"r1\",\"rule_name\":\"Rule\",\"description\":\"about\"," + SUBJECT
                        + ",\"app_type\":\"GLOBAL\",\"active\":true}");
        assertThat(api.asked(AddRule.class))
                .isEqualTo(new AddRule(PROJECT, true, null, Subject.DEVICE_STATUS, "Rule", null, Query.ALL));
    }

    @Test
    void aRuleOfASpaceSaysWhichAndWhatItAsksFor() {
        api.fake(_ -> new RuleView(rule("s1", "a")));

        Api.Reply reply = api.post(
                ALL,
                "{" + SUBJECT + ",\"app_type\":\"APP\",\"app_id\":\"s1\",\"select\":\"a\",\"where\":\"b\","
                        + "\"description\":\"about\"}");

        assertThat(reply.json().get("app_type").asText()).isEqualTo("APP");
        assertThat(reply.json().get("app_id").asText()).isEqualTo("s1");
        assertThat(reply.json().get("select").asText()).isEqualTo("a");
        assertThat(api.asked(AddRule.class))
                .isEqualTo(new AddRule(
                        PROJECT, false, new SpaceId("s1"), Subject.DEVICE_STATUS, null, "about", new Query("a", "b")));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{} | subject",
                "{\"subject\":{\"resource\":\"device.status\"}} | subject.event",
                "{\"subject\":{\"resource\":\"device.status\",\"event\":\"report\"}} | subject.event",
                "{\"subject\":{\"resource\":\"moon\",\"event\":\"update\"}} | subject.resource",
                "{SUBJECT,\"app_type\":\"ALL\"} | app_type",
                "{SUBJECT,\"app_id\":\"a b\"} | app_id",
                "{SUBJECT,\"rule_name\":\"a/b\"} | rule_name",
                "{SUBJECT,\"select\":7} | select"
            })
    void wrongFieldsAreRefused(String body, String field) {
        Api.Reply reply = api.post(ALL, body.replace("SUBJECT", SUBJECT));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith(field + " ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void whatCannotBeAskedForIsRefusedWithWhatCan() {
        Api.Reply reply = api.post(ALL, "{\"subject\":{\"resource\":\"moon\",\"event\":\"update\"}}");

        assertThat(reply.message()).contains("device.message.status:update", "batchtask:update", "product:delete");
    }

    @Test
    void aChangeLeavesWhatItDoesNotName() {
        api.fake(_ -> new RuleView(rule(null, null)));

        Api.Reply reply = api.put(ALL + "/r1", "{\"active\":true}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(ChangeRule.class)).isEqualTo(new ChangeRule(PROJECT, R, null, null, null, true));
    }

    @Test
    void emptyTextsTakeTheQueryAway() {
        api.fake(_ -> new RuleView(rule(null, null)));

        var _ = api.put(ALL + "/r1", "{\"select\":\"\",\"where\":\"x = 1\"}");

        assertThat(api.asked(ChangeRule.class).query()).isEqualTo(new Query(null, "x = 1"));
    }

    @ParameterizedTest
    @CsvSource({"select, where", "where, select"})
    void bothPartsOfTheQueryAreChangedOrNone(String there, String missing) {
        Api.Reply reply = api.put(ALL + "/r1", "{\"" + there + "\":\"x\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith(missing + " ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void listHasFiltersAndItsCountBesideIt() {
        api.fake(q -> q instanceof ListRules ? new RulePage(List.of(rule("s1", null)), 7) : null);

        Api.Reply reply = api.get(ALL + "?resource=device.status&event=update&app_type=APP&rule_name=Rule&active=true"
                + "&limit=1&offset=2");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("rules")).hasSize(1);
        assertThat(reply.json().get("count").isInt()).isTrue();
        assertThat(reply.json().get("count").asInt()).isEqualTo(7);
        assertThat(reply.json().get("marker").asText()).isEqualTo(RECORD.value());
        assertThat(reply.json().has("page")).isFalse();
        assertThat(api.asked(ListRules.class))
                .isEqualTo(new ListRules(
                        PROJECT,
                        new RuleFilter("device.status", "update", false, null, "Rule", true),
                        new Page(1, RecordId.LAST, 2)));
    }

    @Test
    void aPagePastTheEndIsEmptyAndHasNoMarker() {
        api.fake(_ -> new RulePage(List.of(), 7));

        assertThat(api.get(ALL).text()).isEqualTo("{\"rules\":[],\"count\":7}");
    }

    @Test
    void aRuleIsDeleted() {
        api.fake(_ -> Done.DONE);

        assertThat(api.delete(ALL + "/r1").status()).isEqualTo(204);
        assertThat(api.asked(DeleteRule.class)).isEqualTo(new DeleteRule(PROJECT, R));
    }
}
