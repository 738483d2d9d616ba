// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.AccessKey;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.model.User;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.AccountRequest.KeyView;
import dev.downlink.protocol.AccountRequest.ProjectView;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Projects, users and access keys. */
final class Accounts {
    private static final int MIN_SECRET_KEY = 16;
    private static final int MAX_SECRET_KEY = 128;
    private static final int MAX_SPACE_NAME = 64;

    private final Bus bus;
    private final Changes changes;
    private final InstantSource clock;

    Accounts(Bus bus, Changes changes, InstantSource clock) {
        this.bus = bus;
        this.changes = changes;
        this.clock = clock;
    }

    Answer<?> answer(AccountRequest<?> request) {
        return switch (request) {
            case AccountRequest.CreateProject q -> Answer.to(q, createProject(q));
            case AccountRequest.FindProject q -> Answer.to(q, bus.ask(new AccountRows.SelectProject(q.idOrName())));
            case AccountRequest.ListProjects q -> Answer.to(q, bus.ask(new AccountRows.SelectProjects()));
            case AccountRequest.DeleteProject q -> Answer.to(q, deleteProject(q));
            case AccountRequest.CreateUser q -> Answer.to(q, createUser(q));
            case AccountRequest.SetPassword q ->
                Answer.to(q, write(new AccountRows.UpdatePassword(q.domain(), q.name(), q.passwordHash())));
            case AccountRequest.GrantProject q ->
                Answer.to(q, write(new AccountRows.InsertGrant(q.domain(), q.name(), q.project())));
            case AccountRequest.RevokeProject q ->
                Answer.to(q, write(new AccountRows.DeleteGrant(q.domain(), q.name(), q.project())));
            case AccountRequest.DeleteUser q ->
                Answer.to(q, write(new AccountRows.DeleteUserRow(q.domain(), q.name())));
            case AccountRequest.ListUsers q -> Answer.to(q, bus.ask(new AccountRows.SelectUsers()));
            case AccountRequest.CreateKey q -> Answer.to(q, createKey(q));
            case AccountRequest.ListKeys q -> Answer.to(q, bus.ask(new AccountRows.SelectKeys(q.project())));
            case AccountRequest.DeleteKey q -> Answer.to(q, write(new AccountRows.DeleteKeyRow(q.id())));
        };
    }

    private Future<Done> write(AccountRows<Done> row) {
        return bus.ask(row).onSuccess(_ -> changes.accounts());
    }

    private Future<ProjectView> createProject(AccountRequest.CreateProject q) {
        ProjectId id = q.id() == null ? new ProjectId(Fresh.hex()) : q.id();
        Instant now = clock.instant();
        Project project = new Project(id, q.name(), now);
        Space space = new Space(id, new SpaceId(Fresh.hex()), defaultSpace(q.name()), true, now);
        return write(new AccountRows.InsertProject(project, space)).map(_ -> new ProjectView(project));
    }

    private Future<Done> deleteProject(AccountRequest.DeleteProject q) {
        return write(new AccountRows.DeleteProjectRow(q.id())).onSuccess(_ -> changes.rules(q.id()));
    }

    private static String defaultSpace(String project) {
        String name = "DefaultApp_" + project;
        return name.substring(0, Math.min(name.length(), MAX_SPACE_NAME));
    }

    private Future<Done> createUser(AccountRequest.CreateUser q) {
        List<Future<Project>> projects = new ArrayList<>();
        q.projects().forEach(id -> projects.add(project(id)));
        return Future.all(projects)
                .map(all -> new User(q.domain(), q.name(), q.passwordHash(), clock.instant(), all.list()))
                .compose(user -> write(new AccountRows.InsertUser(user)));
    }

    /** A project by its id alone: a name that looks like it does not count. */
    private Future<Project> project(ProjectId id) {
        return bus.ask(new AccountRows.SelectProject(id.value())).map(found -> {
            if (!found.project().id().equals(id)) {
                throw new Failed(new Failure.NotFound("project", id.value()));
            }
            return found.project();
        });
    }

    private Future<KeyView> createKey(AccountRequest.CreateKey q) {
        Secret secret = q.secret() == null ? Fresh.secretKey() : checked(q.secret());
        String id = q.id() == null ? Fresh.accessKey() : q.id();
        AccessKey key = new AccessKey(id, secret, q.project(), clock.instant());
        return project(q.project())
                .compose(_ -> write(new AccountRows.InsertKey(key)))
                .map(_ -> new KeyView(key));
    }

    private static Secret checked(Secret secret) {
        int length = secret.value().length();
        if (length < MIN_SECRET_KEY || length > MAX_SECRET_KEY) {
            throw new InvalidField(
                    "secret_key", "must have " + MIN_SECRET_KEY + " to " + MAX_SECRET_KEY + " characters");
        }
        return secret;
    }
}
