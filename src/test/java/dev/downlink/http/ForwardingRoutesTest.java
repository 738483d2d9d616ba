// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.AccessCode;
import dev.downlink.model.ActionId;
import dev.downlink.model.AmqpQueue;
import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.DeviceId;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.Json;
import dev.downlink.model.PolicyId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.QueueId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.Subject;
import dev.downlink.protocol.DeadLetterRows.DeadLetter;
import dev.downlink.protocol.DeadLetterRows.DeadLetters;
import dev.downlink.protocol.DeadLetterRows.DeleteDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ListDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ReplayDeadLetters;
import dev.downlink.protocol.DeadLetterRows.Replayed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.PolicyRequest.AddBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.AddFlowPolicy;
import dev.downlink.protocol.PolicyRequest.BacklogView;
import dev.downlink.protocol.PolicyRequest.ChangeBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeFlowPolicy;
import dev.downlink.protocol.PolicyRequest.FlowView;
import dev.downlink.protocol.PolicyRows.FlowPolicies;
import dev.downlink.protocol.PolicyRows.ListFlowPolicies;
import dev.downlink.protocol.RuleRequest.AddQueue;
import dev.downlink.protocol.RuleRequest.CodeView;
import dev.downlink.protocol.RuleRequest.QueueView;
import dev.downlink.protocol.RuleRequest.ReplaceCode;
import dev.downlink.protocol.RuleRows.ListQueues;
import dev.downlink.protocol.RuleRows.QueuePage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues, access codes, policies and dead letters. */
class ForwardingRoutesTest {
    private static final String P1 = "/v5/iot/p1";
    private static final String RULES = P1 + "/routing-rule";
    private static final String LETTERS = RULES + "/actions/a1/dead-letters";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final ActionId A = new ActionId("a1");
    private static final RecordId RECORD = new RecordId("0123456789abcdef01234567");
    private static final AmqpQueue QUEUE =
            new AmqpQueue(new QueueId("q1"), RECORD, PROJECT, "status-q", Instant.EPOCH, Instant.EPOCH);
    private static final String SHOWN_QUEUE = "{\"queue_id\":\"q1\",\"queue_name\":\"status-q\","
            + "\"create_time\":\"19700101T000000Z\",\"last_modify_time\":\"19700101T000000Z\"}";

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aQueueIsAddedAndShown() {
        api.fake(_ -> new QueueView(QUEUE));

        Api.Reply added = api.post(P1 + "/amqp-queues", "{\"queue_name\":\"status-q\"}");
        Api.Reply shown = api.get(P1 + "/amqp-queues/q1");

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.text()).isEqualTo(SHOWN_QUEUE).isEqualTo(shown.text());
        assertThat(api.asked(AddQueue.class)).isEqualTo(new AddQueue(PROJECT, "status-q"));
    }

    @ParameterizedTest
    @CsvSource({"seven-7", "with/slash", "''"})
    void wrongQueueNamesAreRefused(String name) {
        Api.Reply reply = api.post(P1 + "/amqp-queues", "{\"queue_name\":\"" + name + "\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("queue_name ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void aQueueThatIsNotThereIsNoErrorButHasNoId() {
        api.fail(new Failure.NotFound("queue", "q1"));

        Api.Reply shown = api.get(P1 + "/amqp-queues/q1");
        Api.Reply deleted = api.delete(P1 + "/amqp-queues/q1");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text()).isEqualTo("{\"queue_id\":null}");
        assertThat(deleted.status()).isEqualTo(404);
    }

    @Test
    void whatKeepsAQueueFromBeingShownIsAnErrorStill() {
        api.fail(new Failure.StorageUnavailable());

        assertThat(api.get(P1 + "/amqp-queues/q1").status()).isEqualTo(503);
    }

    @Test
    void queuesAreAPage() {
        api.fake(_ -> new QueuePage(List.of(QUEUE), 3));

        Api.Reply reply = api.get(P1 + "/amqp-queues?queue_name=stat&limit=1");

        assertThat(reply.text())
                .isEqualTo("{\"queues\":[" + SHOWN_QUEUE + "],\"page\":{\"count\":3,\"marker\":\"" + RECORD + "\"}}");
        assertThat(api.asked(ListQueues.class))
                .isEqualTo(new ListQueues(PROJECT, "stat", new Page(1, RecordId.LAST, 0)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`` | AMQP | false",
                "`{}` | AMQP | false",
                "`{\"type\":\"AMQP\",\"force_disconnect\":true}` | AMQP | true",
                "`{\"type\":\"MQTT\"}` | MQTT | false"
            })
    void anAccessCodeIsMadeAndShown(String body, AccessCode.Type type, boolean disconnect) {
        api.fake(_ -> new CodeView(new AccessCode(PROJECT, type, "abcdEFGH", new Secret("long"), Instant.EPOCH)));

        Api.Reply reply = api.post(P1 + "/auth/accesscode", body);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).isEqualTo("{\"access_key\":\"abcdEFGH\",\"access_code\":\"long\"}");
        assertThat(api.asked(ReplaceCode.class)).isEqualTo(new ReplaceCode(PROJECT, type, disconnect));
    }

    @Test
    void aBacklogPolicyHasDefaultsAndIsChangedInParts() {
        BacklogPolicy policy =
                new BacklogPolicy(new PolicyId("b1"), RECORD, PROJECT, "small", null, 10, 20, Instant.EPOCH);
        api.fake(_ -> new BacklogView(policy));

        Api.Reply added = api.post(RULES + "/backlog-policy", "{\"policy_name\":\"small\"}");
        Api.Reply changed = api.put(RULES + "/backlog-policy/b1", "{\"backlog_time\":20}");

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.text())
                .isEqualTo("{\"policy_id\":\"b1\",\"policy_name\":\"small\",\"backlog_size\":10,\"backlog_time\":20}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(api.asked(AddBacklogPolicy.class))
                .isEqualTo(new AddBacklogPolicy(PROJECT, "small", null, 1_073_741_823, 86_399));
        assertThat(api.asked(ChangeBacklogPolicy.class))
                .isEqualTo(new ChangeBacklogPolicy(PROJECT, new PolicyId("b1"), null, null, null, 20));
    }

    @Test
    void aFlowPolicyHasDefaultsAndIsChangedInParts() {
        FlowPolicy policy = new FlowPolicy(
                new PolicyId("f1"), RECORD, PROJECT, null, "slow", FlowPolicy.Scope.RULE, "r1", 5, Instant.EPOCH);
        api.fake(_ -> new FlowView(policy));

        Api.Reply added = api.post(RULES + "/flowcontrol-policy", "{}");
        Api.Reply changed = api.put(RULES + "/flowcontrol-policy/f1", "{\"limit\":5}");

        assertThat(added.text())
                .isEqualTo("{\"policy_id\":\"f1\",\"description\":\"slow\",\"scope\":\"RULE\",\"scope_value\":\"r1\","
                        + "\"limit\":5}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(api.asked(AddFlowPolicy.class))
                .isEqualTo(new AddFlowPolicy(PROJECT, null, null, FlowPolicy.Scope.USER, null, 1000));
        assertThat(api.asked(ChangeFlowPolicy.class))
                .isEqualTo(new ChangeFlowPolicy(PROJECT, new PolicyId("f1"), null, null, 5));
    }

    @Test
    void flowPoliciesAreFilteredAndTheirCountStandsBesideThem() {
        api.fake(_ -> new FlowPolicies(List.of(), 0));

        Api.Reply reply =
                api.get(RULES + "/flowcontrol-policy?scope=CHANNEL&scope_value=HTTP_FORWARDING&policy_name=x&offset=5");

        assertThat(reply.text()).isEqualTo("{\"flowcontrol_policies\":[],\"count\":0}");
        assertThat(api.asked(ListFlowPolicies.class))
                .isEqualTo(new ListFlowPolicies(
                        PROJECT, FlowPolicy.Scope.CHANNEL, "HTTP_FORWARDING", "x", new Page(10, RecordId.LAST, 5)));
        assertThat(api.get(RULES + "/flowcontrol-policy?scope=ALL").status()).isEqualTo(400);
    }

    @Test
    void deadLettersAreShownWithWhatWasWrong() {
        DeadLetter letter = new DeadLetter(
                RECORD,
                7_000_000_000L,
                Subject.MESSAGE_STATUS,
                new DeviceId("d1"),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(1),
                "refused with 422",
                new Json("{\"status\":\"DELIVERED\"}"));
        api.fake(_ -> new DeadLetters(List.of(letter), 4));

        Api.Reply reply = api.get(LETTERS + "?limit=1");

        assertThat(reply.text())
                .isEqualTo("{\"dead_letters\":[{\"id\":\"7000000000\",\"resource\":\"device.message.status\","
                        + "\"event\":\"update\",\"device_id\":\"d1\",\"event_time\":\"19700101T000000Z\","
                        + "\"dead_time\":\"19700101T000001Z\",\"error\":\"refused with 422\","
                        + "\"body\":{\"status\":\"DELIVERED\"}}],\"count\":4,\"marker\":\"" + RECORD + "\"}");
        assertThat(api.asked(ListDeadLetters.class))
                .isEqualTo(new ListDeadLetters(PROJECT, A, new Page(1, RecordId.LAST, 0)));
    }

    @Test
    void someOrAllDeadLettersAreSentAgainOrDeleted() {
        api.fake(_ -> new Replayed(2));

        assertThat(api.post(LETTERS + "/replay", "").text()).isEqualTo("{\"count\":2}");
        assertThat(api.post(LETTERS + "/replay", "{\"ids\":[\"1\",\"2\"]}").status())
                .isEqualTo(200);
        assertThat(api.delete(LETTERS).status()).isEqualTo(200);
        assertThat(api.delete(LETTERS + "?ids=3,4").text()).isEqualTo("{\"count\":2}");

        assertThat(api.asked)
                .containsExactly(
                        new ReplayDeadLetters(PROJECT, A, null),
                        new ReplayDeadLetters(PROJECT, A, List.of(1L, 2L)),
                        new DeleteDeadLetters(PROJECT, A, null),
                        new DeleteDeadLetters(PROJECT, A, List.of(3L, 4L)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"{\"ids\":[]}", "{\"ids\":[\"x\"]}", "{\"ids\":[1]}"})
    void noneOrOtherIdsAreRefused(String body) {
        Api.Reply reply = api.post(LETTERS + "/replay", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("ids");
        assertThat(api.asked).isEmpty();
    }
}
