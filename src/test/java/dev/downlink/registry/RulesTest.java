// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.DEFAULT;
import static dev.downlink.registry.Samples.NOW;
import static dev.downlink.registry.Samples.OTHER;
import static dev.downlink.registry.Samples.OURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.AccessCode;
import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleAction;
import dev.downlink.model.RuleId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.PolicyRequest.AddFlowPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeBacklogPolicy;
import dev.downlink.protocol.PolicyRows;
import dev.downlink.protocol.PushRequest.CheckQuery;
import dev.downlink.protocol.PushRequest.ProbeChannel;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRequest.AddAction;
import dev.downlink.protocol.RuleRequest.AddQueue;
import dev.downlink.protocol.RuleRequest.AddRule;
import dev.downlink.protocol.RuleRequest.ChangeAction;
import dev.downlink.protocol.RuleRequest.ChangeRule;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRequest.ReplaceCode;
import dev.downlink.protocol.RuleRequest.RuleView;
import dev.downlink.protocol.RuleRows;
import dev.downlink.protocol.SpaceRequest.DeleteSpace;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    private static final RuleId R = new RuleId("r1");
    private static final ActionId A = new ActionId("a1");
    private static final Notice.RulesChanged CHANGED = new Notice.RulesChanged(OURS);
    private static final Failure NOBODY = new Failure.Unreachable("http://app.example", "connection refused");
    private static final Channel QUEUE = new Channel.Amqp("status-q");

    private final List<Channel> channels = new ArrayList<>();
    private boolean active;
    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.startPush();
        room.repository.on(RuleRows.InsertRule.class, _ -> done());
        room.repository.on(RuleRows.SelectRule.class, _ -> Future.succeededFuture(new RuleView(rule())));
        room.repository.on(RuleRows.UpdateRule.class, _ -> Future.succeededFuture(new RuleView(rule())));
        room.repository.on(
                RuleRows.SelectActions.class,
                _ -> Future.succeededFuture(
                        new RuleRows.Actions(channels.stream().map(this::action).toList())));
        room.repository.on(RuleRows.SelectAction.class, _ -> Future.succeededFuture(action(channels.getFirst())));
        room.repository.on(
                RuleRows.InsertAction.class,
                q -> Future.succeededFuture(action(q.action().channel())));
        room.repository.on(RuleRows.UpdateAction.class, q -> Future.succeededFuture(action(q.channel())));
        room.repository.on(RuleRows.InsertQueue.class, _ -> done());
        room.repository.on(RuleRows.UpsertCode.class, _ -> done());
    }

    @AfterEach
    void stop() {
        room.close();
    }

    private static Future<Done> done() {
        return Future.succeededFuture(Done.DONE);
    }

    private RoutingRule rule() {
        return new RoutingRule(
                R, RecordId.LAST, OURS, null, Subject.DEVICE_STATUS, null, null, null, null, active, NOW);
    }

    private ActionView action(Channel channel) {
        return new ActionView(new RuleAction(A, RecordId.LAST, OURS, R, channel, NOW), rule(), 1);
    }

    private static Channel.Http http(String url, @Nullable String token) {
        return new Channel.Http(
                url, null, null, false, true, token == null ? null : new Secret(token), EventFormat.DOCUMENTED);
    }

    private void told(Notice.Event... events) {
        await().untilAsserted(() -> assertThat(room.events).containsExactly(events));
    }

    private static AddRule add(boolean global, @Nullable SpaceId space, Query query) {
        return new AddRule(OURS, global, space, Subject.DEVICE_STATUS, "name", "about", query);
    }

    private static ChangeRule activate() {
        return new ChangeRule(OURS, R, null, null, null, true);
    }

    @Test
    void aNewRuleIsNotActiveAndAllAreTold() {
        RoutingRule made = room.ask(add(true, null, Query.ALL)).rule();

        assertThat(made)
                .isEqualTo(new RoutingRule(
                        made.id(),
                        made.recordId(),
                        OURS,
                        null,
                        Subject.DEVICE_STATUS,
                        "name",
                        "about",
                        null,
                        null,
                        false,
                        NOW));
        assertThat(room.repository.asked(RuleRows.InsertRule.class))
                .containsExactly(new RuleRows.InsertRule(made, 100));
        told(CHANGED);
        assertThat(room.pushed).isEmpty();
    }

    @Test
    void aRuleOfASpaceIsThatOfTheDefaultOneUnlessItSaysWhich() {
        assertThat(room.ask(add(false, null, Query.ALL)).rule().space()).isEqualTo(DEFAULT);
        assertThat(room.ask(add(false, OTHER, Query.ALL)).rule().space()).isEqualTo(OTHER);
        assertThat(room.ask(add(true, OTHER, Query.ALL)).rule().space()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSpaceThatIsNotThereIsRefused(boolean global) {
        SpaceId nowhere = new SpaceId("nowhere");

        assertThat(room.refusal(add(global, nowhere, Query.ALL))).isEqualTo(new Failure.SpaceNotFound(nowhere));
        assertThat(room.events).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodIsNotWritten() {
        room.pushRefusal = new Failure.Invalid("where", "is not understood");

        assertThat(room.refusal(add(true, null, new Query("a", "b")))).isEqualTo(room.pushRefusal);
        assertThat(room.refusal(new ChangeRule(OURS, R, null, null, new Query(null, "b"), null)))
                .isEqualTo(room.pushRefusal);
        assertThat(room.pushed).containsExactly(new CheckQuery("a", "b"), new CheckQuery(null, "b"));
        assertThat(room.repository.asked(RuleRows.InsertRule.class)).isEmpty();
        assertThat(room.repository.asked(RuleRows.UpdateRule.class)).isEmpty();
    }

    @Test
    void aRuleWithoutActionsIsNotMadeActive() {
        assertThat(room.refusal(activate()))
                .isEqualTo(new Failure.Invalid("active", "can only be true when the rule has an action"));
        assertThat(room.repository.asked(RuleRows.UpdateRule.class)).isEmpty();
    }

    @Test
    void allChannelsButQueuesAreTriedBeforeARuleIsMadeActive() {
        channels.addAll(List.of(http("http://a.example", "Token1"), QUEUE, http("http://b.example", "Token2")));

        room.ask(activate());

        assertThat(room.pushed)
                .containsExactlyInAnyOrder(
                        new ProbeChannel(OURS, channels.getFirst()), new ProbeChannel(OURS, channels.getLast()));
        assertThat(room.repository.asked(RuleRows.UpdateRule.class))
                .containsExactly(new RuleRows.UpdateRule(OURS, R, null, null, null, true));
        told(CHANGED);
    }

    @Test
    void aRuleWhoseChannelLeadsNowhereStaysAsItIs() {
        channels.add(http("http://app.example", "Token1"));
        room.pushRefusal = NOBODY;

        assertThat(room.refusal(activate())).isEqualTo(NOBODY);
        assertThat(room.repository.asked(RuleRows.UpdateRule.class)).isEmpty();
        assertThat(room.events).isEmpty();
    }

    @Test
    void nothingIsTriedWhenARuleIsActiveAlreadyOrMadeInactive() {
        active = true;

        room.ask(activate());
        room.ask(new ChangeRule(OURS, R, null, null, null, false));

        assertThat(room.pushed).isEmpty();
        assertThat(room.repository.asked(RuleRows.SelectActions.class)).isEmpty();
    }

    @Test
    void anActionOfAnActiveRuleIsTriedFirst() {
        AddAction add = new AddAction(OURS, R, http("http://app.example", "Token1"));
        room.ask(add);
        assertThat(room.pushed).isEmpty();
        active = true;
        room.pushRefusal = NOBODY;

        assertThat(room.refusal(add)).isEqualTo(NOBODY);
        assertThat(room.repository.asked(RuleRows.InsertAction.class)).hasSize(1);
        assertThat(room.repository.asked(RuleRows.InsertAction.class).getFirst().maxPerRule())
                .isEqualTo(10);
    }

    @Test
    void anActionNeedsItsSecret() {
        assertThat(room.refusal(new AddAction(OURS, R, http("http://app.example", null))))
                .isEqualTo(new Failure.Invalid("token", "is mandatory"));
    }

    @Test
    void aSecretThatIsLeftOutStaysForTheSameDestinationOnly() {
        channels.add(http("http://app.example", "Token1"));

        room.ask(new ChangeAction(OURS, A, http("http://app.example", null)));

        assertThat(room.repository.asked(RuleRows.UpdateAction.class).getFirst().channel())
                .isEqualTo(http("http://app.example", "Token1"));
        assertThat(room.refusal(new ChangeAction(OURS, A, http("http://evil.example", null))))
                .isEqualTo(new Failure.Invalid("token", "is mandatory"));
    }

    @Test
    void aSecretThatIsNotWantedAnyMoreGoes() {
        channels.add(http("http://app.example", "Token1"));
        Channel open = new Channel.Http("http://app.example", null, null, false, false, null, EventFormat.DOCUMENTED);

        room.ask(new ChangeAction(OURS, A, open));

        assertThat(room.repository.asked(RuleRows.UpdateAction.class).getFirst().channel())
                .isEqualTo(open);
    }

    @Test
    void anActionForAQueueStaysOneForThatQueue() {
        channels.add(QUEUE);
        room.ask(new ChangeAction(OURS, A, QUEUE));

        for (Channel other : List.of(new Channel.Amqp("other-queue"), http("http://app.example", "Token1"))) {
            assertThat(room.refusal(new ChangeAction(OURS, A, other)))
                    .isInstanceOfSatisfying(
                            Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("channel"));
        }
        channels.set(0, http("http://app.example", "Token1"));
        assertThat(room.refusal(new ChangeAction(OURS, A, QUEUE))).isInstanceOf(Failure.Invalid.class);
        assertThat(room.repository.asked(RuleRows.UpdateAction.class)).hasSize(1);
    }

    @Test
    void anotherDestinationIsForActionsThatHaveNoQueue() {
        channels.add(http("http://app.example", "Token1"));
        Channel kafka = dev.downlink.support.Samples.kafka();

        assertThat(room.ask(new ChangeAction(OURS, A, kafka)).action().channel())
                .isEqualTo(kafka);
        told(CHANGED);
    }

    @Test
    void aQueueIsMadeWithTheLimitOfTheContract() {
        room.ask(new AddQueue(OURS, "status-q"));

        assertThat(room.repository.asked(RuleRows.InsertQueue.class).getFirst().maxPerProject())
                .isEqualTo(100);
        told(CHANGED);
    }

    @Test
    void anAccessCodeIsRandomAndConsumersHearOfIt() {
        AccessCode one =
                room.ask(new ReplaceCode(OURS, AccessCode.Type.AMQP, true)).code();
        AccessCode other =
                room.ask(new ReplaceCode(OURS, AccessCode.Type.MQTT, true)).code();

        assertThat(one.accessKey()).matches("[A-Za-z0-9]{8}").isNotEqualTo(other.accessKey());
        assertThat(one.code().value())
                .matches("[A-Za-z0-9]{32}")
                .isNotEqualTo(other.code().value());
        assertThat(room.repository.asked(RuleRows.UpsertCode.class))
                .containsExactly(new RuleRows.UpsertCode(one), new RuleRows.UpsertCode(other));
        told(new Notice.AccessCodeReplaced(OURS, true));
    }

    @Test
    void aPolicyIsForWhatIsThere() {
        Failure gone = new Failure.NotFound("rule", "r9");
        room.repository.on(RuleRows.SelectRule.class, _ -> Future.failedFuture(new Failed(gone)));
        room.repository.on(PolicyRows.InsertFlowPolicy.class, _ -> done());
        AddFlowPolicy ofRule = new AddFlowPolicy(OURS, null, null, FlowPolicy.Scope.RULE, "r9", 10);

        assertThat(room.refusal(ofRule)).isEqualTo(gone);
        assertThat(room.refusal(new AddFlowPolicy(OURS, null, null, FlowPolicy.Scope.CHANNEL, "DIS_FORWARDING", 1)))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("scope_value"));
        assertThat(room.ask(new AddFlowPolicy(OURS, null, null, FlowPolicy.Scope.USER, "x", 10))
                        .policy()
                        .scopeValue())
                .isNull();
        assertThat(room.repository.asked(PolicyRows.InsertFlowPolicy.class)).hasSize(1);
        told(CHANGED);
    }

    @Test
    void aPolicyIsNotChangedBeyondItsBounds() {
        assertThat(room.refusal(new ChangeBacklogPolicy(OURS, new PolicyId("b1"), null, null, null, 86_400)))
                .isEqualTo(new Failure.Invalid("backlog_time", "must be from 0 to 86399"));
    }

    @Test
    void allAreToldWhenRulesGoWithTheirSpace() {
        room.ask(new DeleteSpace(OURS, OTHER));

        told(CHANGED);
    }
}
