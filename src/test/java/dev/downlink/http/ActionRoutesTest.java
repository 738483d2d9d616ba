// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.Channel.Kind;
import dev.downlink.model.Channel.NetAddress;
import dev.downlink.model.EventFormat;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleAction;
import dev.downlink.model.RuleId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.PushRequest.SampleSent;
import dev.downlink.protocol.PushRequest.SendSample;
import dev.downlink.protocol.PushRows.OutletState;
import dev.downlink.protocol.PushRows.OutletStates;
import dev.downlink.protocol.PushRows.OutletStatus;
import dev.downlink.protocol.PushRows.SelectStatus;
import dev.downlink.protocol.PushRows.SelectStatuses;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRequest.AddAction;
import dev.downlink.protocol.RuleRequest.ChangeAction;
import dev.downlink.protocol.RuleRows.ActionFilter;
import dev.downlink.protocol.RuleRows.ActionPage;
import dev.downlink.protocol.RuleRows.ListActions;
import dev.downlink.support.Samples;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ActionRoutesTest {
    private static final String ALL = "/v5/iot/p1/routing-rule/actions";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final ActionId A = new ActionId("a1");
    private static final RecordId RECORD = new RecordId("0123456789abcdef01234567");
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final OutletStatus FRESH = new OutletStatus(0, 0, 0, null, null, null, false, 0, 0, null, 0);

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    private static ActionView view(Channel channel, boolean active) {
        return new ActionView(
                new RuleAction(A, RECORD, PROJECT, new RuleId("r1"), channel, Instant.EPOCH),
                new RoutingRule(
                        new RuleId("r1"),
                        RECORD,
                        PROJECT,
                        new SpaceId("s1"),
                        Subject.MESSAGE_STATUS,
                        null,
                        null,
                        null,
                        null,
                        active,
                        Instant.EPOCH),
                42);
    }

    private static Channel.Http http(String url) {
        return new Channel.Http(url, null, null, false, false, null, EventFormat.DOCUMENTED);
    }

    private static String body(String channel, String detail) {
        return "{\"rule_id\":\"r1\",\"channel\":\"" + channel + "\",\"channel_detail\":" + detail + "}";
    }

    /** Channel, member of channel_detail, the channel as it is read, and as it is shown. */
    static List<Arguments> channels() {
        Channel.Http signed = new Channel.Http(
                "https://app.example:8443/events?x=1",
                "app.pem",
                "app.example",
                true,
                true,
                new Secret("Token1"),
                EventFormat.CLOUDEVENTS_BINARY);
        Channel.Kafka kafka = new Channel.Kafka(
                Kind.DMS_KAFKA_FORWARDING,
                "north",
                "p9",
                List.of(new NetAddress("10.0.0.1", 9092), new NetAddress("kafka.example", 9093)),
                "events",
                "user",
                new Secret("pass-word"),
                "PLAIN",
                "SASL_SSL",
                EventFormat.DOCUMENTED);
        Channel.Kafka open = new Channel.Kafka(
                Kind.MRS_KAFKA_FORWARDING,
                null,
                null,
                List.of(new NetAddress("::1", 9092)),
                "events",
                null,
                null,
                null,
                "PLAINTEXT",
                EventFormat.FLAT_2021);
        Channel.Storage storage = new Channel.Storage(
                "north",
                "p9",
                "my-bucket",
                "north-1",
                "{YYYY}/{MM}/{DD}/{HH}/{appId}/{deviceId}/",
                "https://s3.example",
                "KEY",
                new Secret("secret-key"));
        String addresses = "[{\"ip\":\"10.0.0.1\",\"port\":9092},{\"domain\":\"kafka.example\",\"port\":9093}]";
        return List.of(
                Arguments.of(
                        signed,
                        "{\"url\":\"https://app.example:8443/events?x=1\",\"cert_id\":\"app.pem\",\"cn_name\":\"app.example\","
                            + "\"sni_enable\":true,\"signature_enable\":true,\"token\":\"Token1\","
                            + "\"format\":\"cloudevents_binary\"}",
                        "{\"url\":\"https://app.example:8443/events?x=1\",\"cert_id\":\"app.pem\",\"cn_name\":\"app.example\","
                            + "\"sni_enable\":true,\"signature_enable\":true,\"format\":\"cloudevents_binary\"}"),
                Arguments.of(
                        http("http://app.example"),
                        "{\"url\":\"http://app.example\"}",
                        "{\"url\":\"http://app.example\",\"sni_enable\":false,\"signature_enable\":false}"),
                Arguments.of(
                        new Channel.Amqp("status.q:1"),
                        "{\"queue_name\":\"status.q:1\"}",
                        "{\"queue_name\":\"status.q:1\"}"),
                Arguments.of(
                        kafka,
                        "{\"region_name\":\"north\",\"project_id\":\"p9\",\"addresses\":" + addresses
                                + ",\"topic\":\"events\",\"username\":\"user\",\"password\":\"pass-word\"}",
                        "{\"region_name\":\"north\",\"project_id\":\"p9\",\"addresses\":" + addresses
                                + ",\"topic\":\"events\",\"username\":\"user\",\"mechanism\":\"PLAIN\","
                                + "\"security_protocol\":\"SASL_SSL\"}"),
                Arguments.of(
                        open,
                        "{\"addresses\":[{\"ip\":\"::1\",\"port\":9092}],\"topic\":\"events\",\"format\":\"flat_2021\"}",
                        "{\"addresses\":[{\"ip\":\"::1\",\"port\":9092}],\"topic\":\"events\","
                                + "\"kerberos_authentication\":false,\"format\":\"flat_2021\"}"),
                Arguments.of(
                        storage,
                        "{\"region_name\":\"north\",\"project_id\":\"p9\",\"bucket_name\":\"my-bucket\","
                            + "\"location\":\"north-1\",\"file_path\":\"{YYYY}/{MM}/{DD}/{HH}/{appId}/{deviceId}/\","
                            + "\"endpoint\":\"https://s3.example\",\"access_key\":\"KEY\",\"secret_key\":\"secret-key\"}",
                        "{\"region_name\":\"north\",\"project_id\":\"p9\",\"bucket_name\":\"my-bucket\","
                            + "\"location\":\"north-1\",\"file_path\":\"{YYYY}/{MM}/{DD}/{HH}/{appId}/{deviceId}/\","
                            + "\"endpoint\":\"https://s3.example\",\"access_key\":\"KEY\"}"));
    }

    @ParameterizedTest
    @MethodSource("channels")
    void aChannelIsTakenWithItsSecretAndShownWithout(Channel channel, String sent, String shown) {
        api.fake(_ -> view(channel, false));
        String member = channel.kind().member();

        Api.Reply reply = api.post(ALL, body(channel.kind().name(), "{\"" + member + "\":" + sent + "}"));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"action_id\":\"a1\",\"rule_id\":\"r1\",\"app_id\":\"s1\",\"channel\":\"" + channel.kind()
                        + "\",\"channel_detail\":{\"" + member + "\":" + shown + "}}");
        assertThat(api.asked(AddAction.class)).isEqualTo(new AddAction(PROJECT, new RuleId("r1"), channel));
    }

    @ParameterizedTest
    @CsvSource({
        "DIS_FORWARDING",
        "ROMA_FORWARDING",
        "INFLUXDB_FORWARDING",
        "MYSQL_FORWARDING",
        "FUNCTIONGRAPH_FORWARDING",
        "DMS_ROCKETMQ_FORWARDING"
    })
    void channelsThatAreNotHereAreRefusedWithThoseThatAre(String channel) {
        Api.Reply reply = api.post(ALL, body(channel, "{}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message())
                .startsWith("channel ")
                .contains(
                        "HTTP_FORWARDING",
                        "AMQP_FORWARDING",
                        "DMS_KAFKA_FORWARDING",
                        "MRS_KAFKA_FORWARDING",
                        "OBS_FORWARDING");
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "HTTP | {} | http_forwarding",
                "HTTP | {`url`:`ftp://a.example`} | http_forwarding.url",
                "HTTP | {`url`:`/events`} | http_forwarding.url",
                "HTTP | {`url`:`http://a.example:99999`} | http_forwarding.url",
                "HTTP | {`url`:`http://me:pass@a.example`} | http_forwarding.url",
                "HTTP | {`url`:`http://a b`} | http_forwarding.url",
                "HTTP | {`url`:`http://a.example`,`signature_enable`:true} | http_forwarding.token",
                "HTTP | {`url`:`http://a.example`,`token`:`Token1`} | http_forwarding.token",
                "HTTP | {`url`:`http://a.example`,`signature_enable`:true,`token`:`no`} | http_forwarding.token",
                "HTTP | {`url`:`http://a.example`,`signature_enable`:true,`token`:`to-ken`} | http_forwarding.token",
                "HTTP | {`url`:`http://a.example`,`sni_enable`:true} | http_forwarding.cn_name",
                "HTTP | {`url`:`http://a.example`,`cert_id`:`../key`} | http_forwarding.cert_id",
                "HTTP | {`url`:`http://a.example`,`format`:`xml`} | http_forwarding.format",
                "AMQP | {`queue_name`:`short`} | amqp_forwarding.queue_name",
                "AMQP | {`queue_name`:`with a blank`} | amqp_forwarding.queue_name",
                "DMS_KAFKA | {`region_name`:`n`,`project_id`:`p`,`topic`:`t`} | dms_kafka_forwarding.addresses",
                "DMS_KAFKA | {`region_name`:`n`,`project_id`:`p`,`topic`:`t`,`addresses`:[]} |"
                        + " dms_kafka_forwarding.addresses",
                "DMS_KAFKA | {KAFKA,`topic`:`a/b`} | dms_kafka_forwarding.topic",
                "DMS_KAFKA | {KAFKA,`topic`:`t`,`username`:`u`} | dms_kafka_forwarding.password",
                "DMS_KAFKA | {KAFKA,`topic`:`t`,`password`:`x`} | dms_kafka_forwarding.password",
                "DMS_KAFKA | {KAFKA,`topic`:`t`,`mechanism`:`GSSAPI`} | dms_kafka_forwarding.mechanism",
                "DMS_KAFKA | {KAFKA,`topic`:`t`,`mechanism`:`PLAIN`} | dms_kafka_forwarding.username",
                "DMS_KAFKA | {KAFKA,`topic`:`t`,`security_protocol`:`SASL_SSL`} |"
                        + " dms_kafka_forwarding.security_protocol",
                "MRS_KAFKA | {`addresses`:[{`ip`:`1.2.3.4`}],`topic`:`t`} | mrs_kafka_forwarding.addresses[0].port",
                "MRS_KAFKA | {`addresses`:[{`port`:1}],`topic`:`t`} | mrs_kafka_forwarding.addresses[0].ip",
                "MRS_KAFKA | {`addresses`:[{`ip`:`1.2.3.4`,`port`:0}],`topic`:`t`} |"
                        + " mrs_kafka_forwarding.addresses[0].port",
                "MRS_KAFKA | {KAFKA,`topic`:`t`,`kerberos_authentication`:true} |"
                        + " mrs_kafka_forwarding.kerberos_authentication",
                "OBS | {`region_name`:`n`,`project_id`:`p`,`bucket_name`:`Big`} | obs_forwarding.bucket_name",
                "OBS | {OBS,`file_path`:`{minute}`} | obs_forwarding.file_path",
                "OBS | {OBS,`file_path`:`a b`} | obs_forwarding.file_path",
                "OBS | {OBS,`endpoint`:`s3.example`} | obs_forwarding.endpoint",
                "OBS | {OBS,`access_key`:`k`} | obs_forwarding.secret_key",
                "OBS | {OBS,`secret_key`:`k`} | obs_forwarding.secret_key"
            })
    void wrongChannelsAreRefused(String channel, String detail, String field) {
        String member = channel.toLowerCase(java.util.Locale.ROOT) + "_forwarding";
        String object = detail.replace(
                        "KAFKA", "`region_name`:`n`,`project_id`:`p`,`addresses`:[{`ip`:`1.2.3.4`,`port`:1}]")
                .replace("OBS", "`region_name`:`n`,`project_id`:`p`,`bucket_name`:`bucket`")
                .replace('`', '"');
        String details = object.equals("{}") ? object : "{\"" + member + "\":" + object + "}";

        Api.Reply reply = api.post(ALL, body(channel + "_FORWARDING", details));

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.message()).startsWith("channel_detail." + field + " ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void theDetailOfAnotherChannelIsRefused() {
        Api.Reply reply = api.post(
                ALL,
                body(
                        "AMQP_FORWARDING",
                        "{\"amqp_forwarding\":{\"queue_name\":\"status-q\"},\"http_forwarding\":{\"url\":\"http://a\"}}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("channel_detail.http_forwarding ");
    }

    @Test
    void aChangeMayLeaveTheSecretOut() {
        api.fake(_ -> view(Samples.http(), false));

        Api.Reply reply = api.put(
                ALL + "/a1",
                "{\"channel_detail\":{\"http_forwarding\":{\"url\":\"http://a.example\",\"signature_enable\":true}}}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(ChangeAction.class))
                .isEqualTo(new ChangeAction(
                        PROJECT,
                        A,
                        new Channel.Http("http://a.example", null, null, false, true, null, EventFormat.DOCUMENTED)));
    }

    @Test
    void aChangeOfNothingShowsTheAction() {
        api.fake(_ -> view(new Channel.Amqp("status-q"), false));

        Api.Reply reply = api.put(ALL + "/a1", "{}");

        assertThat(reply.json().at("/channel_detail/amqp_forwarding/queue_name").asText())
                .isEqualTo("status-q");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"{\"channel\":\"HTTP_FORWARDING\"} | channel_detail", "{\"channel_detail\":{}} | channel"})
    void halfAChangeIsRefused(String body, String field) {
        Api.Reply reply = api.put(ALL + "/a1", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith(field + " ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void anActionIsShownWithHowItIsDoing() {
        OutletStatus status = new OutletStatus(5, 4, 3, NOON, "refused with 500", NOON, true, 2, 1000, NOON, 1);
        api.fake(q -> q instanceof SelectStatus ? status : view(http("http://a.example"), true));

        Api.Reply reply = api.get(ALL + "/a1");

        assertThat(reply.json().get("status").toString())
                .isEqualTo("{\"state\":\"paused\",\"delivered\":5,\"failed\":4,\"dropped\":3,"
                        + "\"dropped_last_time\":\"20260102T120000Z\",\"last_error\":\"refused with 500\","
                        + "\"last_error_time\":\"20260102T120000Z\",\"waiting\":2,\"waiting_bytes\":1000,"
                        + "\"oldest_event_time\":\"20260102T120000Z\",\"dead_letters\":1}");
        assertThat(api.asked(SelectStatus.class)).isEqualTo(new SelectStatus(42));
    }

    @ParameterizedTest
    @CsvSource({"true, running", "false, inactive"})
    void theStateIsThatOfRuleAndOutlet(boolean active, String state) {
        api.fake(q -> q instanceof SelectStatus ? FRESH : view(http("http://a.example"), active));

        assertThat(api.get(ALL + "/a1").json().at("/status/state").asText()).isEqualTo(state);
    }

    @Test
    void listHasFiltersItsCountBesideItAndAllStatusesAtOnce() {
        ActionView view = view(http("http://a.example"), true);
        api.fake(q -> switch (q) {
            case ListActions _ -> new ActionPage(List.of(view, view), 9);
            case SelectStatuses _ -> new OutletStates(List.of(new OutletState(42, FRESH)));
            default -> null;
        });

        Api.Reply reply = api.get(ALL + "?rule_id=r1&channel=HTTP_FORWARDING&app_type=GLOBAL&limit=2");

        assertThat(reply.json().get("actions")).hasSize(2);
        assertThat(reply.json().at("/actions/1/status/state").asText()).isEqualTo("running");
        assertThat(reply.json().get("count").asInt()).isEqualTo(9);
        assertThat(reply.json().get("marker").asText()).isEqualTo(RECORD.value());
        assertThat(api.asked(SelectStatuses.class)).isEqualTo(new SelectStatuses(List.of(42)));
        assertThat(api.asked(ListActions.class))
                .isEqualTo(new ListActions(
                        PROJECT,
                        new ActionFilter(new RuleId("r1"), Kind.HTTP_FORWARDING, true, null),
                        new Page(2, RecordId.LAST, 0)));
    }

    @Test
    void anActionThatIsJustBeingDeletedHasNoStatus() {
        api.fake(q -> q instanceof ListActions
                ? new ActionPage(List.of(view(http("http://a.example"), true)), 1)
                : new OutletStates(List.of()));

        assertThat(api.get(ALL).json().at("/actions/0").has("status")).isFalse();
    }

    @Test
    void aSampleIsSentAndTheResultTold() {
        ActionView view = view(http("http://a.example"), false);
        api.fake(q -> q instanceof SendSample ? new SampleSent("refused with 500", 12) : view);

        Api.Reply reply = api.post(ALL + "/a1/test", "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"accepted\":false,\"error\":\"refused with 500\",\"elapsed_ms\":12}");
        assertThat(api.asked(SendSample.class)).isEqualTo(new SendSample(view.rule(), view.action()));
    }
}
