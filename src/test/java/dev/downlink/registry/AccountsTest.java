// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.NOW;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.PROJECT;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.AccessKey;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.Space;
import dev.downlink.model.User;
import dev.downlink.protocol.AccountRequest.CreateKey;
import dev.downlink.protocol.AccountRequest.CreateProject;
import dev.downlink.protocol.AccountRequest.CreateUser;
import dev.downlink.protocol.AccountRequest.DeleteKey;
import dev.downlink.protocol.AccountRequest.DeleteProject;
import dev.downlink.protocol.AccountRequest.DeleteUser;
import dev.downlink.protocol.AccountRequest.FindProject;
import dev.downlink.protocol.AccountRequest.GrantProject;
import dev.downlink.protocol.AccountRequest.ListKeys;
import dev.downlink.protocol.AccountRequest.ListProjects;
import dev.downlink.protocol.AccountRequest.ListUsers;
import dev.downlink.protocol.AccountRequest.RevokeProject;
import dev.downlink.protocol.AccountRequest.SetPassword;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest.FindAccount;
import dev.downlink.protocol.RegistryRequest.FindKey;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
    private static final Secret HASH = new Secret("hash");

    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
    }

    @AfterEach
    void stop() {
        room.close();
    }

    private void announced() {
        await().untilAsserted(() -> assertThat(room.events).contains(new Notice.AccountsChanged()));
    }

    @Test
    void projectComesWithADefaultSpace() {
        Project project =
                room.ask(new CreateProject(new ProjectId("p"), "garden")).project();

        assertThat(project).isEqualTo(new Project(new ProjectId("p"), "garden", NOW));
        Space space = room.repository.spaces.getLast();
        assertThat(space).isEqualTo(new Space(project.id(), space.id(), "DefaultApp_garden", true, NOW));
        announced();
    }

    @Test
    void projectIdIsMadeWhenNoneIsGiven() {
        assertThat(room.ask(new CreateProject(null, "garden")).project().id().value())
                .matches("[0-9a-f]{32}");
    }

    @Test
    void longestProjectNameStillGivesASpaceName() {
        room.ask(new CreateProject(null, "n".repeat(64)));

        assertThat(room.repository.spaces.getLast().name()).isEqualTo("DefaultApp_" + "n".repeat(53));
    }

    @Test
    void projectThatExistsIsRefused() {
        Failure exists = new Failure.AlreadyExists("project", "ours");
        room.repository.on(AccountRows.InsertProject.class, _ -> Future.failedFuture(new Failed(exists)));

        assertThat(room.refusal(new CreateProject(null, "ours"))).isEqualTo(exists);
    }

    @Test
    void projectsAreFoundAndListed() {
        assertThat(room.ask(new FindProject("ours")).project()).isEqualTo(PROJECT);
        assertThat(room.ask(new ListProjects()).projects()).containsExactly(PROJECT);
    }

    @Test
    void deletedProjectIsGone() {
        room.ask(new DeleteProject(OURS));

        assertThat(room.repository.projects).isEmpty();
        announced();
    }

    @Test
    void userIsCreatedWithProjects() {
        room.ask(new CreateUser("d", "u", HASH, List.of(OURS)));

        assertThat(room.ask(new ListUsers()).users()).containsExactly(new User("d", "u", HASH, NOW, List.of(PROJECT)));
        announced();
    }

    @Test
    void userOfAnUnknownProjectIsRefused() {
        assertThat(room.refusal(new CreateUser("d", "u", HASH, List.of(THEIRS))))
                .isEqualTo(new Failure.NotFound("project", "theirs"));
        assertThat(room.repository.users).isEmpty();
    }

    @Test
    void projectsNameIsNotTakenForItsId() {
        room.repository.projects.add(new Project(new ProjectId("x"), "theirs", NOW));

        assertThat(room.refusal(new CreateKey(THEIRS, null, null)))
                .isEqualTo(new Failure.NotFound("project", "theirs"));
    }

    @Test
    void badUserNameIsRefused() {
        assertThat(room.refusal(new CreateUser("d", "a b", HASH, List.of())))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("name"));
    }

    @Test
    void newPasswordIsSeenByTheNextQuestion() {
        room.ask(new CreateUser("d", "u", HASH, List.of()));
        room.ask(new FindAccount("d", "u"));

        room.ask(new SetPassword("d", "u", new Secret("new")));

        assertThat(room.ask(new FindAccount("d", "u")).user().passwordHash()).isEqualTo(new Secret("new"));
    }

    @Test
    void grantIsSeenByTheNextQuestion() {
        room.ask(new CreateUser("d", "u", HASH, List.of()));
        room.ask(new FindAccount("d", "u"));

        room.ask(new GrantProject("d", "u", OURS));

        assertThat(room.ask(new FindAccount("d", "u")).user().projects()).containsExactly(PROJECT);
    }

    @Test
    void revokedProjectIsSeenByTheNextQuestion() {
        room.ask(new CreateUser("d", "u", HASH, List.of(OURS)));
        room.ask(new FindAccount("d", "u"));

        room.ask(new RevokeProject("d", "u", OURS));

        assertThat(room.ask(new FindAccount("d", "u")).user().projects()).isEmpty();
    }

    @Test
    void deletedUserIsSeenByTheNextQuestion() {
        room.ask(new CreateUser("d", "u", HASH, List.of()));
        room.ask(new FindAccount("d", "u"));

        room.ask(new DeleteUser("d", "u"));

        assertThat(room.refusal(new FindAccount("d", "u"))).isEqualTo(new Failure.NotFound("user", "u"));
    }

    @Test
    void keyIsMadeWhenNoneIsGiven() {
        AccessKey one = room.ask(new CreateKey(OURS, null, null)).key();
        AccessKey other = room.ask(new CreateKey(OURS, null, null)).key();

        assertThat(one.id()).matches("[A-Z0-9]{20}").isNotEqualTo(other.id());
        assertThat(one.secret().value())
                .matches("[A-Za-z0-9]{40}")
                .isNotEqualTo(other.secret().value());
        assertThat(room.ask(new ListKeys(OURS)).keys()).containsExactly(one, other);
        announced();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 128})
    void givenKeyIsTaken(int length) {
        Secret secret = new Secret("s".repeat(length));

        AccessKey key = room.ask(new CreateKey(OURS, "My-key_1", secret)).key();

        assertThat(key).isEqualTo(new AccessKey("My-key_1", secret, OURS, NOW));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 129})
    void secretOfAKeyHasALength(int length) {
        assertThat(room.refusal(new CreateKey(OURS, null, new Secret("s".repeat(length)))))
                .isEqualTo(new Failure.Invalid("secret_key", "must have 16 to 128 characters"));
    }

    @Test
    void keyOfAnUnknownProjectIsRefused() {
        assertThat(room.refusal(new CreateKey(THEIRS, null, null)))
                .isEqualTo(new Failure.NotFound("project", "theirs"));
    }

    @Test
    void deletedKeyIsSeenByTheNextQuestion() {
        room.ask(new CreateKey(OURS, "AK", new Secret("a-secret-of-a-key")));
        room.ask(new FindKey("AK"));

        room.ask(new DeleteKey("AK"));

        assertThat(room.refusal(new FindKey("AK"))).isEqualTo(new Failure.NotFound("access key", "AK"));
    }
}
