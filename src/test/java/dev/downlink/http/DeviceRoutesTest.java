// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.AuthInfo;
import dev.downlink.model.ChildPresence;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.Presence;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Tag;
import dev.downlink.model.Versions;
import dev.downlink.protocol.DeviceRequest.ChangeGateway;
import dev.downlink.protocol.DeviceRequest.CreateDevice;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.DeviceRequest.Desired;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.DeviceRequest.FreezeDevice;
import dev.downlink.protocol.DeviceRequest.ResetFingerprint;
import dev.downlink.protocol.DeviceRequest.ResetSecret;
import dev.downlink.protocol.DeviceRequest.UnfreezeDevice;
import dev.downlink.protocol.DeviceRequest.UpdateDevice;
import dev.downlink.protocol.DeviceRows.DevicePage;
import dev.downlink.protocol.DeviceRows.Filter;
import dev.downlink.protocol.DeviceRows.ListDevices;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceRoutesTest {
    private static final String ALL = "/v5/iot/p1/devices";
    private static final ProjectId PROJECT = new ProjectId("p1");
    private static final DeviceId DEVICE = new DeviceId("d1");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final AuthInfo AUTH = new AuthInfo(
            AuthInfo.Type.SECRET, new Secret("12345678"), new Secret("abcdefgh"), null, "b".repeat(40), true, 300);
    private static final List<Tag> TAGS = List.of(new Tag("k", "v"));
    private static final String MINIMAL = "{\"product_id\":\"prod\",\"node_id\":\"n1\"";

    private final Api api = new Api(1, 100);

    @BeforeEach
    void answer() {
        api.fake(_ -> view(null, null));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void addAnswersTheDevice() {
        Api.Reply reply = api.post(ALL, MINIMAL + "}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"app_id\":\"s1\",\"app_name\":\"Space\",\"device_id\":\"d1\",\"node_id\":\"n1\","
                               + "\"gateway_id\":\"d1\",\"device_name\":\"Name\",\"node_type\":\"GATEWAY\","
                               + "\"product_id\":\"prod\",\"product_name\":\"Product\",\"status\":\"INACTIVE\",\"tags\":[{\"tag_key\":\"k\",\"tag_value\":\"v\"}],"
                               + "\"auth_info\":{\"auth_type\":\"SECRET\",\"secret\":\"12345678\","
                               + "\"secondary_secret\":\"abcdefgh\",\"secondary_fingerprint\":\"" + "b".repeat(40)
                        + "\",\"secure_access\":true,\"timeout\":300},\"create_time\":\"20260102T030405Z\","
                        + "\"extension_info\":{\"a\":1.50}}");
    }

    @Test
    void addWithTheLeast() {
        var _ = api.post(ALL, MINIMAL + "}");

        assertThat(api.asked(CreateDevice.class))
                .isEqualTo(new CreateDevice(
                        PROJECT,
                        null,
                        new ProductId("prod"),
                        null,
                        new NodeName("n1"),
                        null,
                        null,
                        null,
                        new AuthInfo(AuthInfo.Type.SECRET, null, null, null, null, false, 0),
                        null,
                        List.of()));
    }

    @Test
    void addWithEverything() {
        var _ = api.post(
                ALL,
                MINIMAL
                        + ",\"app_id\":\"s1\",\"device_id\":\"d1\",\"gateway_id\":\"g1\",\"device_name\":\"中\",\"description\":\"any"
                        + " text\",\"auth_info\":{\"auth_type\":\"CERTIFICATES\",\"fingerprint\":\""
                        + "A".repeat(64) + "\",\"secure_access\":true,\"timeout\":60},"
                        + "\"extension_info\":{\"a\": 1.50},"
                        + "\"shadow\":[{\"service_id\":\"s\",\"desired\":{\"x\": 1}}]}");

        assertThat(api.asked(CreateDevice.class))
                .isEqualTo(new CreateDevice(
                        PROJECT,
                        new SpaceId("s1"),
                        new ProductId("prod"),
                        DEVICE,
                        new NodeName("n1"),
                        new DeviceId("g1"),
                        "中",
                        "any text",
                        new AuthInfo(AuthInfo.Type.CERTIFICATES, null, null, "a".repeat(64), null, true, 60),
                        new Json("{\"a\":1.50}"),
                        List.of(new Desired("s", new Json("{\"x\":1}")))));
    }

    @ParameterizedTest
    @CsvSource({
        "device_id,128",
        "node_id,64",
        "product_id,36",
        "gateway_id,128",
        "app_id,36",
        "device_name,256",
        "description,2048"
    })
    void textsHaveALimit(String field, int limit) {
        String rest = MINIMAL.replace("\"" + field + "\"", "\"other\"");

        Api.Reply atLimit = api.post(ALL, rest + ",\"" + field + "\":\"" + "x".repeat(limit) + "\"}");
        Api.Reply over = api.post(ALL, rest + ",\"" + field + "\":\"" + "x".repeat(limit + 1) + "\"}");

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).startsWith(field + " must not be longer than " + limit);
    }

    @ParameterizedTest
    @CsvSource({"7,400", "8,201", "32,201", "33,400"})
    void secretHasALength(int length, int status) {
        String body = MINIMAL + ",\"auth_info\":{\"secret\":\"" + "x".repeat(length) + "\"}}";

        assertThat(api.post(ALL, body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"39,400", "40,201", "41,400", "63,400", "64,201", "65,400"})
    void fingerprintHasALength(int length, int status) {
        String body = MINIMAL + ",\"auth_info\":{\"fingerprint\":\"" + "a".repeat(length) + "\"}}";

        assertThat(api.post(ALL, body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"32,201", "33,400"})
    void serviceOfTheFirstShadowHasALength(int length, int status) {
        String body = MINIMAL + ",\"shadow\":[{\"service_id\":\"" + "x".repeat(length) + "\",\"desired\":{}}]}";

        assertThat(api.post(ALL, body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"1024,201", "1025,400"})
    void extensionInfoHasALimitInBytes(int bytes, int status) {
        String value = "é".repeat((bytes - "{\"a\":\"\"}".length()) / 2) + (bytes % 2 == 0 ? "" : "x");

        Api.Reply reply = api.post(ALL, MINIMAL + ",\"extension_info\":{\"a\" : \"" + value + "\"}}");

        assertThat(reply.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"node_id\":\"n\"}|product_id is mandatory.",
                "{\"product_id\":\"p\"}|node_id is mandatory.",
                "{\"product_id\":\"p\",\"node_id\":\"\"}|node_id is mandatory.",
                "{\"product_id\":\"p\",\"node_id\":1}|node_id must be a string.",
                "{\"product_id\":\"p\",\"node_id\":\"a b\"}|node_id may hold only",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"device_id\":\"a/b\"}|device_id may hold only",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"gateway_id\":\"a/b\"}|gateway_id may hold only",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"device_name\":\"a b\"}|device_name may hold only",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"auth_info\":[]}|auth_info must be an object.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"auth_info\":{\"auth_type\":\"secret\"}}|auth_info.auth_type"
                        + " must be",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"auth_info\":{\"secret\":\"1234567.\"}}|auth_info.secret may"
                        + " hold only",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"auth_info\":{\"timeout\":-1}}|auth_info.timeout must not be"
                        + " negative.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"auth_info\":{\"timeout\":\"1\"}}|auth_info.timeout must be"
                        + " an integer.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"auth_info\":{\"secure_access\":1}}|auth_info.secure_access"
                        + " must be true or false.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"extension_info\":\"{}\"}|extension_info must be an object.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"shadow\":{}}|shadow must be a list.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"shadow\":[{\"service_id\":\"s\"}]}|shadow[0].desired is"
                        + " mandatory.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"shadow\":[{\"desired\":{}}]}|shadow[0].service_id is"
                        + " mandatory.",
                "{\"product_id\":\"p\",\"node_id\":\"n\",\"shadow\":[{\"service_id\":\"s\",\"desired\":1}]}|shadow[0].desired"
                    + " must be an object."
            })
    void wrongFieldIsNamed(String body, String complaint) {
        Api.Reply reply = api.post(ALL, body);

        assertThat(reply.message()).startsWith(complaint);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000006");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void deviceThatExistsIs400() {
        api.fail(new Failure.DeviceExists(DEVICE));

        Api.Reply reply = api.post(ALL, MINIMAL + "}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.014031");
    }

    @Test
    void subDeviceIsAnEndpointUnderItsGateway() {
        api.fake(_ -> view(new DeviceId("g1"), null));

        Api.Reply reply = api.get(ALL + "/d1");

        assertThat(reply.json().get("node_type").asText()).isEqualTo("ENDPOINT");
        assertThat(reply.json().get("gateway_id").asText()).isEqualTo("g1");
    }

    @ParameterizedTest
    @EnumSource(DeviceStatus.class)
    void statusIsShownAsItIsCalled(DeviceStatus status) {
        api.fake(_ -> view(null, null, status));

        assertThat(api.get(ALL + "/d1").json().get("status").asText()).isEqualTo(status.name());
    }

    @Test
    void timesOfTheConnectionHaveMilliseconds() {
        api.fake(_ -> view(null, new Presence(DEVICE, null, TIME, TIME.plusSeconds(1))));

        Api.Reply reply = api.get(ALL + "/d1");

        assertThat(reply.json().get("active_time").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(reply.json().get("connection_status_update_time").asText()).isEqualTo("2026-01-02T03:04:06.678Z");
    }

    @Test
    void updateSendsOnlyWhatIsThere() {
        Api.Reply reply =
                api.put(ALL + "/d1", "{\"device_name\":\"New\",\"auth_info\":{\"secure_access\":false,\"timeout\":0}}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(UpdateDevice.class))
                .isEqualTo(new UpdateDevice(PROJECT, DEVICE, "New", null, null, false, 0));
    }

    @Test
    void updateNamesTheWrongField() {
        assertThat(api.put(ALL + "/d1", "{\"auth_info\":{\"timeout\":-1}}").message())
                .isEqualTo("auth_info.timeout must not be negative.");
    }

    @Test
    void deleteFreezeAndUnfreezeAre204() {
        api.fake(_ -> Done.DONE);

        assertThat(api.delete(ALL + "/d1").status()).isEqualTo(204);
        assertThat(api.post(ALL + "/d1/freeze", "").status()).isEqualTo(204);
        assertThat(api.post(ALL + "/d1/unfreeze", "").status()).isEqualTo(204);
        assertThat(api.asked)
                .containsExactly(
                        new DeleteDevice(PROJECT, DEVICE),
                        new FreezeDevice(PROJECT, DEVICE),
                        new UnfreezeDevice(PROJECT, DEVICE));
    }

    @Test
    void resetSecretAnswersTheFreshOne() {
        Api.Reply reply = api.post(
                ALL + "/d1/action?action_id=resetSecret",
                "{\"secret\":\"abcdefgh\",\"force_disconnect\":true,\"secret_type\":\"SECONDARY\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"device_id\":\"d1\",\"secret\":\"abcdefgh\",\"secret_type\":\"SECONDARY\"}");
        assertThat(api.asked(ResetSecret.class))
                .isEqualTo(new ResetSecret(PROJECT, DEVICE, AuthInfo.Slot.SECONDARY, new Secret("abcdefgh"), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"secret\":null}"})
    void resetSecretNeedsNothing(String body) {
        Api.Reply reply = api.post(ALL + "/d1/action?action_id=resetSecret", body);

        assertThat(reply.json().get("secret").asText()).isEqualTo("12345678");
        assertThat(api.asked(ResetSecret.class))
                .isEqualTo(new ResetSecret(PROJECT, DEVICE, AuthInfo.Slot.PRIMARY, null, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/d1/action|{}|action_id must be resetSecret.",
                "/d1/action?action_id=other|{}|action_id must be resetSecret.",
                "/d1/action?action_id=resetSecret|{\"secret\":\"1234567\"}|secret must not be shorter",
                "/d1/action?action_id=resetSecret|{\"secret_type\":\"THIRD\"}|secret_type must be PRIMARY or"
                        + " SECONDARY.",
                "/d1/action?action_id=resetSecret|{\"force_disconnect\":\"true\"}|force_disconnect must be true or"
                        + " false.",
                "/d1/reset-fingerprint|{\"fingerprint\":\"abc\"}|fingerprint must be hexadecimal",
                "/d1/reset-fingerprint|{\"fingerprint_type\":\"THIRD\"}|fingerprint_type must be PRIMARY or SECONDARY."
            })
    void wrongResetIsRefused(String path, String body, String complaint) {
        Api.Reply reply = api.post(ALL + path, body);

        assertThat(reply.message()).startsWith(complaint);
        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void resetFingerprintAnswersTheFreshOne() {
        Api.Reply reply = api.post(
                ALL + "/d1/reset-fingerprint",
                "{\"fingerprint\":\"" + "B".repeat(40) + "\",\"fingerprint_type\":\"SECONDARY\"}");

        assertThat(reply.text())
                .isEqualTo("{\"device_id\":\"d1\",\"fingerprint\":\"" + "b".repeat(40)
                        + "\",\"fingerprint_type\":\"SECONDARY\"}");
        assertThat(api.asked(ResetFingerprint.class))
                .isEqualTo(new ResetFingerprint(PROJECT, DEVICE, AuthInfo.Slot.SECONDARY, "b".repeat(40), false));
    }

    @Test
    void listIsWithoutSecretsAndTimes() {
        api.fake(_ -> new DevicePage(List.of(view(null, null)), 1));

        assertThat(api.get(ALL).text())
                .isEqualTo("{\"devices\":[{\"app_id\":\"s1\",\"app_name\":\"Space\",\"device_id\":\"d1\","
                        + "\"node_id\":\"n1\",\"gateway_id\":\"d1\",\"device_name\":\"Name\","
                        + "\"node_type\":\"GATEWAY\",\"product_id\":\"prod\",\"product_name\":\"Product\","
                        + "\"status\":\"INACTIVE\",\"tags\":[{\"tag_key\":\"k\",\"tag_value\":\"v\"}]}],"
                        + "\"page\":{\"count\":1,\"marker\":\"0123456789abcdef01234567\"}}");
    }

    @Test
    void nulInAFilterIsRefusedBeforeItReachesTheDatabase() {
        Api.Reply reply = api.get(ALL + "?node_id=%00");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("node_id ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void listPassesAllFiltersOn() {
        api.fake(q -> q instanceof ListDevices ? new DevicePage(List.of(), 0) : Done.DONE);

        var _ = api.get(ALL + "?product_id=p&gateway_id=g&is_cascade_query=true&node_id=n&device_name=x"
                + "&start_time=20260101T000000Z&end_time=20260102T000000Z&app_id=s9");

        assertThat(api.asked(ListDevices.class))
                .isEqualTo(new ListDevices(
                        PROJECT,
                        new Filter(
                                new SpaceId("s9"),
                                new ProductId("p"),
                                new DeviceId("g"),
                                true,
                                "n",
                                "x",
                                Instant.parse("2026-01-01T00:00:00Z"),
                                Instant.parse("2026-01-02T00:00:00.999999Z")),
                        Page.FIRST));
    }

    @ParameterizedTest
    @CsvSource({
        "start_time=2026,IOTDA.000009",
        "end_time=x,IOTDA.000009",
        "start_time=20260102T000000Z&end_time=20260101T000000Z,IOTDA.000010",
        "is_cascade_query=1,IOTDA.000006",
        "gateway_id=a%2Fb,IOTDA.000006",
        "limit=51,IOTDA.000017"
    })
    void wrongFilterIsRefused(String query, String code) {
        Api.Reply reply = api.get(ALL + "?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(api.asked).isEmpty();
    }

    @Test
    void subDeviceShowsWhenItsGatewaySaidIt() {
        api.fake(_ -> view(
                new DeviceId("g1"), null, DeviceStatus.ONLINE, new ChildPresence(true, TIME, TIME.plusSeconds(1))));

        var shown = api.get(ALL + "/d1").json();

        assertThat(shown.get("active_time").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(shown.get("connection_status_update_time").asText()).isEqualTo("2026-01-02T03:04:06.678Z");
    }

    @Test
    void versionsAreShownInListsToo() {
        DeviceView plain = view(null, null);
        DeviceView view = new DeviceView(
                plain.device(),
                "Product",
                "Space",
                null,
                DeviceStatus.INACTIVE,
                List.of(),
                new Versions("Java_1", "sw2", "fw3"),
                null);
        api.fake(q -> q instanceof ListDevices ? new DevicePage(List.of(view), 1) : view);

        var listed = api.get(ALL).json().get("devices").get(0);

        assertThat(listed.get("device_sdk_version").asText()).isEqualTo("Java_1");
        assertThat(listed.get("sw_version").asText()).isEqualTo("sw2");
        assertThat(listed.get("fw_version").asText()).isEqualTo("fw3");
    }

    @Test
    void gatewayIsChanged() {
        api.fake(_ -> Done.DONE);

        Api.Reply reply = api.post(ALL + "/d1/change-gateway", "{\"gateway_id\":\"g2\"}");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(api.asked(ChangeGateway.class)).isEqualTo(new ChangeGateway(PROJECT, DEVICE, new DeviceId("g2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"gateway_id\":\"\"}", "{\"gateway_id\":\"a b\"}"})
    void newGatewayMustBeNamed(String body) {
        Api.Reply reply = api.post(ALL + "/d1/change-gateway", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("gateway_id");
    }

    private static DeviceView view(@Nullable DeviceId parent, @Nullable Presence presence) {
        return view(parent, presence, DeviceStatus.INACTIVE);
    }

    private static DeviceView view(@Nullable DeviceId parent, @Nullable Presence presence, DeviceStatus status) {
        return view(parent, presence, status, null);
    }

    private static DeviceView view(
            @Nullable DeviceId parent,
            @Nullable Presence presence,
            DeviceStatus status,
            @Nullable ChildPresence child) {
        Device device = new Device(
                new RecordId("0123456789abcdef01234567"),
                PROJECT,
                new SpaceId("s1"),
                new ProductId("prod"),
                DEVICE,
                new NodeName("n1"),
                parent,
                "Name",
                null,
                AUTH,
                new Json("{\"a\":1.50}"),
                false,
                TIME,
                1);
        return new DeviceView(device, "Product", "Space", presence, status, TAGS, Versions.UNKNOWN, child);
    }
}
