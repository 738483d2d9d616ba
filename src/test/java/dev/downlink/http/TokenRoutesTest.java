// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.auth.PasswordHash;
import dev.downlink.model.Project;
import dev.downlink.model.Secret;
import dev.downlink.model.User;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.RegistryRequest.Account;
import dev.downlink.protocol.RegistryRequest.FindAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Northbound §8.3 and §8.5. */
class TokenRoutesTest {
    private static final String LOGIN = "/v3/auth/tokens";
    private static final String DEVICE = "/v5/iot/p1/devices/d1";
    private static final Secret HASH = PasswordHash.of(new Secret("right"));

    private final Api api = new Api(1, 100);
    private List<Project> projects = List.of(Api.PROJECT);
    private Instant passwordSince = Instant.EPOCH;

    @BeforeEach
    void answer() {
        api.fake(q -> switch (q) {
            case FindAccount(String domain, String user)
            when domain.equals("d") && user.equals("u") ->
                new Account(new User("d", "u", HASH, passwordSince, projects));
            case DeleteDevice _ -> Done.DONE;
            default -> null;
        });
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void passwordGivesATokenForADay() {
        Api.Reply reply = login("right", "");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("X-Subject-Token")).isNotEmpty();
        assertThat(reply.json().at("/token/expires_at").asText()).isEqualTo("2026-01-03T03:04:05.000000Z");
        assertThat(reply.json().at("/token/project/id").asText()).isEqualTo("p1");
        assertThat(reply.json().at("/token/user/domain/name").asText()).isEqualTo("d");
    }

    @Test
    void nameThatNoAccountCanHaveIsNotLookedUp() {
        Api.Reply reply = api.send("POST", "/v3/auth/tokens", body("x".repeat(65), "right", ""), Map.of());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("auth.identity.password.user.name ");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void bodyThatIsTooLargeForALoginIsRefused() {
        Api.Reply reply = api.send("POST", "/v3/auth/tokens", body("u", "x".repeat(17_000), ""), Map.of());

        assertThat(reply.status()).isEqualTo(413);
    }

    @Test
    void tokenOpensItsProject() {
        String token = login("right", "").header("X-Subject-Token");

        assertThat(use(token, DEVICE).status()).isEqualTo(204);
        assertThat(use(token, "/v5/iot/p2/devices/d1").code()).isEqualTo("IOTDA.000022");
    }

    @Test
    void tokenOfOneProjectDoesNotOpenTheUsersOthers() {
        projects = List.of(Api.PROJECT, Api.OTHER);
        String token =
                login("right", ",\"scope\":{\"project\":{\"name\":\"demo\"}}").header("X-Subject-Token");

        assertThat(use(token, DEVICE).status()).isEqualTo(204);
        assertThat(use(token, "/v5/iot/p2/devices/d1").code()).isEqualTo("IOTDA.000022");
    }

    @Test
    void tokenWithoutScopeOpensAllProjectsOfTheUser() {
        projects = List.of(Api.PROJECT, Api.OTHER);
        String token =
                login("right", ",\"scope\":{\"domain\":{\"name\":\"d\"}}").header("X-Subject-Token");

        assertThat(use(token, DEVICE).status()).isEqualTo(204);
        assertThat(use(token, "/v5/iot/p2/devices/d1").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"name,demo,201", "id,p1,201", "name,p1,201", "name,other,401", "id,p2,401"})
    void scopeNamesOneOfTheUsersProjects(String by, String value, int status) {
        String scope = ",\"scope\":{\"project\":{\"" + by + "\":\"" + value + "\"}}";

        assertThat(login("right", scope).status()).isEqualTo(status);
    }

    @Test
    void tokenEnds() {
        String token = login("right", "").header("X-Subject-Token");

        api.now = api.now.plus(Duration.ofHours(24));

        Api.Reply reply = use(token, DEVICE);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("IOTDA.000004");
        assertThat(reply.message()).contains("expired");
    }

    @Test
    void tokenFromBeforeTheLastPasswordIsVoid() {
        String token = login("right", "").header("X-Subject-Token");

        passwordSince = api.now.plusMillis(1);

        assertThat(use(token, DEVICE).code()).isEqualTo("IOTDA.000004");
    }

    @Test
    void tokenOfADeletedUserIsVoid() {
        String token = login("right", "").header("X-Subject-Token");

        api.fake(_ -> null);

        assertThat(use(token, DEVICE).code()).isEqualTo("IOTDA.000004");
    }

    @Test
    void garbageIsNoToken() {
        assertThat(use("garbage", DEVICE).code()).isEqualTo("IOTDA.000004");
    }

    @Test
    void wrongPasswordAndUnknownUserLookTheSame() {
        Api.Reply wrong = login("wrong", "");
        Api.Reply unknown = api.send("POST", LOGIN, body("nobody", "right", ""), Map.of());

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("X-Subject-Token")).isEmpty();
        assertThat(unknown.text()).isEqualTo(wrong.text());
    }

    @Test
    void wrongPasswordsLockTheUserForAMinute() {
        for (int i = 0; i < 3; i++) {
            assertThat(login("wrong", "").status()).isEqualTo(401);
        }

        Api.Reply locked = login("right", "");
        api.now = api.now.plus(Duration.ofMinutes(1));
        Api.Reply later = login("right", "");

        assertThat(locked.status()).isEqualTo(403);
        assertThat(locked.code()).isEqualTo("IOTDA.000023");
        assertThat(later.status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"auth\":1}",
                "{\"auth\":{\"identity\":{}}}",
                "{\"auth\":{\"identity\":{\"methods\":[\"token\"]}}}",
                "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"u\"}}}}}"
            })
    void incompleteLoginNamesTheField(String body) {
        Api.Reply reply = api.send("POST", LOGIN, body, Map.of());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("auth");
    }

    @Test
    void keyFindsItsOneProjectWhateverRegionIsAskedFor() {
        Api.Reply reply = api.get("/v3/projects?name=cn-north-4");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("projects")).hasSize(1);
        assertThat(reply.json().at("/projects/0/id").asText()).isEqualTo("p1");
        assertThat(reply.json().at("/projects/0/name").asText()).isEqualTo("demo");
    }

    @Test
    void tokenFindsTheProjectsOfAName() {
        projects = List.of(Api.PROJECT, Api.OTHER);
        String token = login("right", "").header("X-Subject-Token");

        Api.Reply all = api.send("GET", "/v3/projects", null, Map.of("X-Auth-Token", token));
        Api.Reply named = api.send("GET", "/v3/projects?name=other", null, Map.of("X-Auth-Token", token));

        assertThat(all.json().get("projects")).hasSize(2);
        assertThat(named.json().get("projects")).hasSize(1);
        assertThat(named.json().at("/projects/0/id").asText()).isEqualTo("p2");
    }

    @Test
    void projectsNeedAProof() {
        assertThat(api.send("GET", "/v3/projects", null, Map.of()).status()).isEqualTo(401);
    }

    private Api.Reply login(String password, String scope) {
        return api.send(
                "POST", LOGIN, body("u", password, scope), Map.of("Content-Type", "application/json;charset=utf8"));
    }

    private static String body(String user, String password, String scope) {
        return "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"" + user
                + "\",\"password\":\"" + password + "\",\"domain\":{\"name\":\"d\"}}}}" + scope + "}}";
    }

    private Api.Reply use(String token, String path) {
        return api.send("DELETE", path, null, Map.of("X-Auth-Token", token));
    }
}
