// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.AccessKey;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.Space;
import dev.downlink.model.User;

/** The tables of projects, users and access keys. */
public sealed interface AccountRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.AlreadyExists}; the default space is written in the same transaction. */
    record InsertProject(Project project, Space defaultSpace) implements AccountRows<Done> {}

    record SelectProject(String idOrName) implements AccountRows<AccountRequest.ProjectView> {}

    record SelectProjects() implements AccountRows<AccountRequest.Projects> {}

    /** Fails with {@link Failure.InUse} while there are products. */
    record DeleteProjectRow(ProjectId id) implements AccountRows<Done> {}

    /** Fails with {@link Failure.AlreadyExists}. */
    record InsertUser(User user) implements AccountRows<Done> {}

    record SelectUser(String domain, String name) implements AccountRows<RegistryRequest.Account> {}

    record SelectUsers() implements AccountRows<RegistryRequest.Accounts> {}

    record UpdatePassword(String domain, String name, Secret passwordHash) implements AccountRows<Done> {}

    record InsertGrant(String domain, String name, ProjectId project) implements AccountRows<Done> {}

    record DeleteGrant(String domain, String name, ProjectId project) implements AccountRows<Done> {}

    record DeleteUserRow(String domain, String name) implements AccountRows<Done> {}

    /** Fails with {@link Failure.AlreadyExists}. */
    record InsertKey(AccessKey key) implements AccountRows<Done> {}

    record SelectKey(String id) implements AccountRows<RegistryRequest.KeyOwner> {}

    record SelectKeys(ProjectId project) implements AccountRows<AccountRequest.Keys> {}

    record DeleteKeyRow(String id) implements AccountRows<Done> {}
}
