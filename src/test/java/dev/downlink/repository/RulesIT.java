// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.AccessCode;
import dev.downlink.model.ActionId;
import dev.downlink.model.AmqpQueue;
import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.QueueId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleAction;
import dev.downlink.model.RuleId;
import dev.downlink.model.Secret;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.AccountRows.DeleteProjectRow;
import dev.downlink.protocol.AccountRows.InsertProject;
import dev.downlink.protocol.BacklogRows.CollectOrphans;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.PolicyRequest.ChangeBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeFlowPolicy;
import dev.downlink.protocol.PolicyRows;
import dev.downlink.protocol.PushRows.SelectOutlets;
import dev.downlink.protocol.PushRows.SelectStatuses;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRows;
import dev.downlink.protocol.RuleRows.ActionFilter;
import dev.downlink.protocol.RuleRows.RuleFilter;
import dev.downlink.protocol.SpaceRows;
import dev.downlink.support.Samples;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules, actions with their outlets, queues, access codes and policies. */
class RulesIT {
    private static final ProjectId P = Room.PROJECT;
    private static final ProjectId OTHER = new ProjectId("p2");
    private static final SpaceId SECOND = new SpaceId("s2");
    private static final Page ALL = new Page(50, RecordId.LAST, 0);
    private static final RuleFilter ANY_RULE = new RuleFilter(null, null, null, null, null, null);
    private static final ActionFilter ANY_ACTION = new ActionFilter(null, null, null, null);

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @AfterEach
    void close() {
        room.close();
    }

    private static RoutingRule rule(String id, @Nullable SpaceId space, Subject subject) {
        return new RoutingRule(
                new RuleId(id),
                RecordId.next(Room.NOW),
                P,
                space,
                subject,
                "name-" + id,
                "about",
                "a",
                "b",
                false,
                Room.NOW);
    }

    @CanIgnoreReturnValue
    private RoutingRule insert(RoutingRule rule) {
        room.ask(new RuleRows.InsertRule(rule, 100));
        return rule;
    }

    private static RuleAction action(String id, String rule, Channel channel) {
        return new RuleAction(new ActionId(id), RecordId.next(Room.NOW), P, new RuleId(rule), channel, Room.NOW);
    }

    @CanIgnoreReturnValue
    private ActionView insert(RuleAction action) {
        return room.ask(new RuleRows.InsertAction(action, 10));
    }

    private static Channel.Http http(String url) {
        return new Channel.Http(url, null, null, false, false, null, EventFormat.DOCUMENTED);
    }

    private static AmqpQueue queue(String id) {
        return new AmqpQueue(new QueueId(id), RecordId.next(Room.NOW), P, "queue-" + id, Room.NOW, Room.NOW);
    }

    @CanIgnoreReturnValue
    private AmqpQueue insert(AmqpQueue queue) {
        room.ask(new RuleRows.InsertQueue(queue, 100));
        return queue;
    }

    private List<String> rules(RuleFilter filter, Page page) {
        return room.ask(new RuleRows.ListRules(P, filter, page)).rules().stream()
                .map(rule -> rule.id().value())
                .toList();
    }

    private List<String> actions(ActionFilter filter) {
        return room.ask(new RuleRows.ListActions(P, filter, ALL)).actions().stream()
                .map(view -> view.action().id().value())
                .toList();
    }

    private String column(String sql) {
        try (Connection connection = TestDatabase.connect(uri);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            StringBuilder all = new StringBuilder();
            while (rows.next()) {
                all.append(all.isEmpty() ? "" : ",").append(rows.getString(1));
            }
            return all.toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void otherProject() {
        room.ask(new InsertProject(
                new Project(OTHER, "two", Room.NOW), new Space(OTHER, new SpaceId("s9"), "default", true, Room.NOW)));
    }

    @Test
    void aRuleIsKeptAsItIs() {
        RoutingRule rule = insert(rule("r1", Room.SPACE, Subject.BATCH_TASK));

        assertThat(room.ask(new RuleRows.SelectRule(P, rule.id())).rule()).isEqualTo(rule);
        assertThat(room.failure(new RuleRows.SelectRule(OTHER, rule.id())))
                .isEqualTo(new Failure.NotFound("rule", "r1"));
    }

    @Test
    void aChangeLeavesWhatItDoesNotName() {
        RoutingRule rule = insert(rule("r1", null, Subject.BATCH_TASK));

        RoutingRule active = room.ask(new RuleRows.UpdateRule(P, rule.id(), null, null, null, true))
                .rule();
        RoutingRule other = room.ask(new RuleRows.UpdateRule(P, rule.id(), "new", "else", new Query(null, "c"), null))
                .rule();

        assertThat(active.active()).isTrue();
        assertThat(List.of(active.name(), active.description(), active.select(), active.where()))
                .containsExactly("name-r1", "about", "a", "b");
        assertThat(List.of(other.name(), other.description(), other.where())).containsExactly("new", "else", "c");
        assertThat(other.select()).isNull();
        assertThat(other.active()).isTrue();
        assertThat(room.failure(new RuleRows.UpdateRule(OTHER, rule.id(), "x", null, null, null)))
                .isInstanceOf(Failure.NotFound.class);
    }

    @Test
    void rulesAreFoundByAllTheyAreAskedFor() {
        room.ask(new SpaceRows.InsertSpace(new Space(P, SECOND, "second", false, Room.NOW), 10));
        insert(rule("r1", null, Subject.DEVICE_STATUS));
        insert(rule("r2", Room.SPACE, Subject.MESSAGE_STATUS));
        insert(rule("r3", SECOND, Subject.DEVICE_CREATED));
        room.ask(new RuleRows.UpdateRule(P, new RuleId("r2"), null, null, null, true));

        assertThat(rules(ANY_RULE, ALL)).containsExactly("r3", "r2", "r1");
        assertThat(rules(ANY_RULE, new Page(1, RecordId.LAST, 1))).containsExactly("r2");
        assertThat(rules(new RuleFilter("device", null, null, null, null, null), ALL))
                .containsExactly("r3");
        assertThat(rules(new RuleFilter(null, "update", null, null, null, null), ALL))
                .containsExactly("r2", "r1");
        assertThat(rules(new RuleFilter(null, null, true, null, null, null), ALL))
                .containsExactly("r1");
        assertThat(rules(new RuleFilter(null, null, false, SECOND, null, null), ALL))
                .containsExactly("r3");
        assertThat(rules(new RuleFilter(null, null, null, null, "name-r1", null), ALL))
                .containsExactly("r1");
        assertThat(rules(new RuleFilter(null, null, null, null, null, true), ALL))
                .containsExactly("r2");
        assertThat(room.ask(new RuleRows.ListRules(P, ANY_RULE, new Page(1, RecordId.LAST, 9)))
                        .count())
                .isEqualTo(3);
        assertThat(room.ask(new RuleRows.ListRules(OTHER, ANY_RULE, ALL)).count())
                .isZero();
    }

    @Test
    void rulesThatAreMadeAtOnceAreCounted() {
        List<Future<?>> made = IntStream.range(0, 8)
                .<Future<?>>mapToObj(
                        i -> room.bus.ask(new RuleRows.InsertRule(rule("r" + i, null, Subject.BATCH_TASK), 3)))
                .toList();

        room.await(Future.join(made).transform(_ -> Future.succeededFuture()));

        assertThat(made.stream().filter(Future::succeeded)).hasSize(3);
        assertThat(room.failure(new RuleRows.InsertRule(rule("x", null, Subject.BATCH_TASK), 3)))
                .isEqualTo(new Failure.LimitReached("rules", 3));
    }

    @Test
    void aRuleOfASpaceThatIsNotThereIsRefused() {
        assertThat(room.failure(new RuleRows.InsertRule(rule("r1", SECOND, Subject.BATCH_TASK), 3)))
                .isEqualTo(new Failure.SpaceNotFound(SECOND));
    }

    @Test
    void everyChannelIsKeptWithItsSecretSealed() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        insert(queue("q1"));
        Channel storage = new Channel.Storage(
                "r", "p", "bucket", null, "{YYYY}/{deviceId}", "https://s3.example", "KEY", new Secret("open-sesame"));
        List<Channel> channels = List.of(
                Samples.http(), Samples.kafka(), new Channel.Amqp("queue-q1"), storage, http("http://a.example"));
        for (int i = 0; i < channels.size(); i++) {
            insert(action("a" + i, "r1", channels.get(i)));
        }

        assertThat(room.ask(new RuleRows.SelectActions(P, new RuleId("r1"))).actions())
                .extracting(view -> view.action().channel())
                .containsExactlyElementsOf(channels);
        for (String column : List.of("detail", "coalesce(secret, '')")) {
            assertThat(column("SELECT " + column + " FROM rule_action"))
                    .doesNotContain("token0123", "password-0123", "open-sesame");
        }
        assertThat(column("SELECT count(secret) FROM rule_action")).isEqualTo("3");
    }

    @Test
    void anActionHasItsOwnOutletAndOneForAQueueThatOfTheQueue() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        insert(queue("q1"));
        int queue = room.ask(new RuleRows.SelectQueue(P, "queue-q1")).queue().outlet();

        int first = insert(action("a1", "r1", http("http://a.example"))).outlet();
        int second = insert(action("a2", "r1", http("http://a.example"))).outlet();
        int third = insert(action("a3", "r1", new Channel.Amqp("queue-q1"))).outlet();
        int fourth = insert(action("a4", "r1", new Channel.Amqp("queue-q1"))).outlet();

        assertThat(List.of(first, second, queue)).doesNotHaveDuplicates();
        assertThat(List.of(third, fourth)).containsOnly(queue);
        assertThat(room.ask(new SelectStatuses(List.of(first, queue, 9999))).all())
                .extracting(state -> state.outlet())
                .containsExactlyInAnyOrder(first, queue);
    }

    @Test
    void anActionOfWhatIsNotThereIsRefused() {
        insert(rule("r1", null, Subject.BATCH_TASK));

        assertThat(room.failure(new RuleRows.InsertAction(action("a1", "r9", http("http://a.example")), 10)))
                .isEqualTo(new Failure.NotFound("rule", "r9"));
        assertThat(room.failure(new RuleRows.InsertAction(action("a1", "r1", new Channel.Amqp("no-queue")), 10)))
                .isEqualTo(new Failure.NotFound("queue", "no-queue"));
        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("0");
    }

    @Test
    void actionsThatAreMadeAtOnceAreCounted() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        List<Future<?>> made = IntStream.range(0, 8)
                .<Future<?>>mapToObj(i ->
                        room.bus.ask(new RuleRows.InsertAction(action("a" + i, "r1", http("http://a.example")), 2)))
                .toList();

        room.await(Future.join(made).transform(_ -> Future.succeededFuture()));

        assertThat(made.stream().filter(Future::succeeded)).hasSize(2);
        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("2");
    }

    @Test
    void aChangedActionKeepsItsOutlet() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        ActionView made = insert(action("a1", "r1", http("http://a.example")));

        ActionView changed = room.ask(new RuleRows.UpdateAction(P, new ActionId("a1"), Samples.kafka()));

        assertThat(changed.action().channel()).isEqualTo(Samples.kafka());
        assertThat(changed.outlet()).isEqualTo(made.outlet());
        assertThat(room.ask(new RuleRows.SelectAction(P, new ActionId("a1")))).isEqualTo(changed);
        assertThat(room.failure(new RuleRows.UpdateAction(OTHER, new ActionId("a1"), http("http://b.example"))))
                .isEqualTo(new Failure.NotFound("action", "a1"));
    }

    @Test
    void actionsAreFoundByAllTheyAreAskedFor() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        insert(rule("r2", Room.SPACE, Subject.BATCH_TASK));
        insert(action("a1", "r1", http("http://a.example")));
        insert(action("a2", "r2", http("http://a.example")));
        insert(action("a3", "r2", Samples.kafka()));

        assertThat(actions(ANY_ACTION)).containsExactly("a3", "a2", "a1");
        assertThat(actions(new ActionFilter(new RuleId("r2"), null, null, null)))
                .containsExactly("a3", "a2");
        assertThat(actions(new ActionFilter(null, Channel.Kind.HTTP_FORWARDING, null, null)))
                .containsExactly("a2", "a1");
        assertThat(actions(new ActionFilter(null, null, true, null))).containsExactly("a1");
        assertThat(actions(new ActionFilter(null, null, null, Room.SPACE))).containsExactly("a3", "a2");
        assertThat(room.ask(new RuleRows.ListActions(P, ANY_ACTION, new Page(1, RecordId.LAST, 0)))
                        .count())
                .isEqualTo(3);
    }

    @Test
    void outletsGoWithTheirActionsButThoseOfQueuesStay() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        insert(rule("r2", null, Subject.BATCH_TASK));
        insert(queue("q1"));
        insert(action("a1", "r1", http("http://a.example")));
        insert(action("a2", "r1", new Channel.Amqp("queue-q1")));
        insert(action("a3", "r2", http("http://a.example")));

        room.ask(new RuleRows.DeleteActionRow(P, new ActionId("a3")));
        room.ask(new RuleRows.DeleteRuleRow(P, new RuleId("r1")));

        assertThat(actions(ANY_ACTION)).isEmpty();
        assertThat(rules(ANY_RULE, ALL)).containsExactly("r2");
        assertThat(room.ask(new SelectOutlets()).outlets())
                .singleElement()
                .satisfies(outlet -> assertThat(outlet.queue()).isEqualTo("queue-q1"));
        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("1");
        assertThat(room.failure(new RuleRows.DeleteActionRow(P, new ActionId("a3"))))
                .isEqualTo(new Failure.NotFound("action", "a3"));
        assertThat(room.failure(new RuleRows.DeleteRuleRow(OTHER, new RuleId("r2"))))
                .isEqualTo(new Failure.NotFound("rule", "r2"));
    }

    @Test
    void rulesGoWithTheirSpaceAndTheirOutletsSoonAfter() {
        room.ask(new SpaceRows.InsertSpace(new Space(P, SECOND, "second", false, Room.NOW), 10));
        insert(rule("r1", SECOND, Subject.BATCH_TASK));
        insert(action("a1", "r1", http("http://a.example")));

        room.ask(new SpaceRows.DeleteSpaceRow(P, SECOND));
        room.ask(new CollectOrphans(100));

        assertThat(rules(ANY_RULE, ALL)).isEmpty();
        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("0");
    }

    @Test
    void aProjectGoesWithAllThis() {
        otherProject();
        RoutingRule rule = rule("r1", null, Subject.BATCH_TASK);
        room.ask(new RuleRows.InsertRule(
                new RoutingRule(
                        rule.id(),
                        rule.recordId(),
                        OTHER,
                        null,
                        rule.subject(),
                        null,
                        null,
                        null,
                        null,
                        true,
                        Room.NOW),
                100));
        room.ask(new RuleRows.InsertQueue(
                new AmqpQueue(new QueueId("q1"), RecordId.next(Room.NOW), OTHER, "queue-q1", Room.NOW, Room.NOW), 5));
        for (Channel channel : List.of(http("http://a.example"), new Channel.Amqp("queue-q1"))) {
            room.ask(new RuleRows.InsertAction(
                    new RuleAction(
                            new ActionId(channel.kind().name()),
                            RecordId.next(Room.NOW),
                            OTHER,
                            rule.id(),
                            channel,
                            Room.NOW),
                    10));
        }

        room.ask(new DeleteProjectRow(OTHER));

        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("0");
        assertThat(column("SELECT count(*) FROM amqp_queue")).isEqualTo("0");
        assertThat(room.failure(new DeleteProjectRow(OTHER))).isEqualTo(new Failure.NotFound("project", "p2"));
    }

    @Test
    void aProjectWithProductsKeepsItsRules() {
        insert(rule("r1", null, Subject.BATCH_TASK));

        assertThat(room.failure(new DeleteProjectRow(P))).isInstanceOf(Failure.InUse.class);
        assertThat(rules(ANY_RULE, ALL)).containsExactly("r1");
    }

    @Test
    void aQueueThatActionsFillIsNotDeleted() {
        insert(rule("r1", null, Subject.BATCH_TASK));
        AmqpQueue queue = insert(queue("q1"));
        insert(action("a1", "r1", new Channel.Amqp("queue-q1")));
        RuleRows.DeleteQueueRow delete = new RuleRows.DeleteQueueRow(P, queue.id());

        assertThat(room.failure(delete)).isEqualTo(new Failure.InUse("queue", "q1", "actions of rules"));
        assertThat(room.ask(new RuleRows.SelectQueueById(P, queue.id())).queue())
                .isEqualTo(queue);
        room.ask(new RuleRows.DeleteActionRow(P, new ActionId("a1")));
        assertThat(room.failure(new RuleRows.DeleteQueueRow(OTHER, queue.id())))
                .isEqualTo(new Failure.NotFound("queue", "q1"));
        room.ask(delete);

        assertThat(room.ask(new RuleRows.SelectQueue(P, "queue-q1")).queue()).isNull();
        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("0");
    }

    @Test
    void queuesHaveDifferentNamesAndAreFoundByParts() {
        insert(queue("q1"));
        insert(queue("q2"));

        assertThat(room.failure(new RuleRows.InsertQueue(
                        new AmqpQueue(new QueueId("q3"), RecordId.next(Room.NOW), P, "queue-q1", Room.NOW, Room.NOW),
                        100)))
                .isEqualTo(new Failure.AlreadyExists("queue", "queue-q1"));
        assertThat(room.failure(new RuleRows.InsertQueue(queue("q3"), 2)))
                .isEqualTo(new Failure.LimitReached("queues", 2));
        assertThat(room.ask(new RuleRows.ListQueues(P, "e-q2", ALL)).queues())
                .extracting(AmqpQueue::name)
                .containsExactly("queue-q2");
        assertThat(room.ask(new RuleRows.ListQueues(P, "%", ALL)).count()).isZero();
        assertThat(room.ask(new RuleRows.ListQueues(P, null, new Page(1, RecordId.LAST, 1)))
                        .queues())
                .extracting(AmqpQueue::name)
                .containsExactly("queue-q1");
        assertThat(column("SELECT count(*) FROM outlet")).isEqualTo("2");
    }

    @Test
    void aNewAccessCodeTakesThePlaceOfTheOneOfItsType() {
        AccessCode mqtt = new AccessCode(P, AccessCode.Type.MQTT, "mqttkey1", new Secret("mqtt-code"), Room.NOW);
        AccessCode old = new AccessCode(P, AccessCode.Type.AMQP, "oldkey01", new Secret("old-code"), Room.NOW);
        AccessCode fresh = new AccessCode(P, AccessCode.Type.AMQP, "newkey01", new Secret("new-code"), Room.NOW);
        for (AccessCode code : List.of(mqtt, old, fresh)) {
            room.ask(new RuleRows.UpsertCode(code));
        }

        assertThat(room.ask(new RuleRows.SelectAccessCode("oldkey01")).code()).isNull();
        assertThat(room.ask(new RuleRows.SelectAccessCode("newkey01")).code()).isEqualTo(fresh);
        assertThat(room.ask(new RuleRows.SelectAccessCode("mqttkey1")).code()).isEqualTo(mqtt);
        assertThat(column("SELECT code FROM access_code")).doesNotContain("-code");
    }

    @Test
    void policiesAreKeptChangedListedAndDeleted() {
        PolicyId b = new PolicyId("b1");
        PolicyId f = new PolicyId("f1");
        BacklogPolicy backlog = new BacklogPolicy(b, RecordId.next(Room.NOW), P, "small", "about", 10, 20, Room.NOW);
        FlowPolicy flow =
                new FlowPolicy(f, RecordId.next(Room.NOW), P, null, null, FlowPolicy.Scope.RULE, "r1", 100, Room.NOW);
        room.ask(new PolicyRows.InsertBacklogPolicy(backlog, 1));
        room.ask(new PolicyRows.InsertFlowPolicy(flow, 1));

        assertThat(room.ask(new PolicyRows.SelectBacklogPolicy(P, b)).policy()).isEqualTo(backlog);
        assertThat(room.ask(new PolicyRows.SelectFlowPolicy(P, f)).policy()).isEqualTo(flow);
        assertThat(room.failure(new PolicyRows.InsertFlowPolicy(
                        new FlowPolicy(
                                new PolicyId("f2"),
                                RecordId.next(Room.NOW),
                                P,
                                null,
                                null,
                                FlowPolicy.Scope.USER,
                                null,
                                1,
                                Room.NOW),
                        1)))
                .isInstanceOf(Failure.LimitReached.class);
        BacklogPolicy larger = room.ask(
                        new PolicyRows.UpdateBacklogPolicy(new ChangeBacklogPolicy(P, b, null, null, 11, null)))
                .policy();
        assertThat(List.of(larger.maxBytes(), larger.maxSeconds())).containsExactly(11, 20);
        FlowPolicy faster = room.ask(new PolicyRows.UpdateFlowPolicy(new ChangeFlowPolicy(P, f, "fast", null, 200)))
                .policy();
        assertThat(List.of(String.valueOf(faster.name()), faster.limit())).containsExactly("fast", 200);
        assertThat(room.ask(new PolicyRows.ListBacklogPolicies(P, "small", ALL)).policies())
                .containsExactly(larger);
        assertThat(room.ask(new PolicyRows.ListFlowPolicies(P, FlowPolicy.Scope.RULE, "r1", "fast", ALL))
                        .policies())
                .containsExactly(faster);
        assertThat(room.ask(new PolicyRows.ListFlowPolicies(P, FlowPolicy.Scope.USER, null, null, ALL))
                        .count())
                .isZero();
        assertThat(room.failure(new PolicyRows.DeleteFlowPolicyRow(OTHER, f))).isInstanceOf(Failure.NotFound.class);
        room.ask(new PolicyRows.DeleteBacklogPolicyRow(P, b));
        room.ask(new PolicyRows.DeleteFlowPolicyRow(P, f));
        assertThat(room.failure(new PolicyRows.SelectBacklogPolicy(P, b)))
                .isEqualTo(new Failure.NotFound("policy", "b1"));
        assertThat(room.failure(new PolicyRows.SelectFlowPolicy(P, f))).isInstanceOf(Failure.NotFound.class);
    }
}
