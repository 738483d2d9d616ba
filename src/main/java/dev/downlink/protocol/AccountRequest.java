// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.AccessKey;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Projects, users and access keys: asked by the command line and at start, never by an application. */
public sealed interface AccountRequest<R extends Record> extends RegistryRequest<R> {

    /** @param id made by the gateway when absent */
    record CreateProject(@Nullable ProjectId id, String name) implements AccountRequest<ProjectView> {}

    /** @param idOrName either of them */
    record FindProject(String idOrName) implements AccountRequest<ProjectView> {}

    record ListProjects() implements AccountRequest<Projects> {}

    /** Removes an empty project with its spaces and keys. */
    record DeleteProject(ProjectId id) implements AccountRequest<Done> {}

    record CreateUser(String domain, String name, Secret passwordHash, List<ProjectId> projects)
            implements AccountRequest<Done> {}

    record SetPassword(String domain, String name, Secret passwordHash) implements AccountRequest<Done> {}

    record GrantProject(String domain, String name, ProjectId project) implements AccountRequest<Done> {}

    record RevokeProject(String domain, String name, ProjectId project) implements AccountRequest<Done> {}

    record DeleteUser(String domain, String name) implements AccountRequest<Done> {}

    record ListUsers() implements AccountRequest<RegistryRequest.Accounts> {}

    /**
     * @param id made by the gateway when absent
     * @param secret likewise
     */
    record CreateKey(
            ProjectId project,
            @Nullable String id,
            @Nullable Secret secret) implements AccountRequest<KeyView> {}

    record ListKeys(ProjectId project) implements AccountRequest<Keys> {}

    record DeleteKey(String id) implements AccountRequest<Done> {}

    record ProjectView(Project project) {}

    record Projects(List<Project> projects) {}

    record KeyView(AccessKey key) {}

    record Keys(List<AccessKey> keys) {}
}
