// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.auth.Attempts;
import dev.downlink.auth.PasswordHash;
import dev.downlink.auth.Tokens;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Project;
import dev.downlink.model.Secret;
import dev.downlink.model.Text;
import dev.downlink.model.User;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindAccount;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tokens for passwords, and the projects that a caller may use (northbound §8.3, §8.5). */
final class TokenRoutes {
    private static final int MAX_LOGIN_BODY = 16 * 1024;
    private static final int MAX_ACCOUNT_NAME = 64;
    private static final String WRONG = "the user or the password is wrong";
    private static final int MAX_CHECKS = 8;
    private static final int MAX_PASSWORD = 256;

    private final Bus bus;
    private final Tokens tokens;
    private final Attempts attempts;
    private final WorkerExecutor workers;
    private final Duration lifetime;
    private final InstantSource clock;
    private int checks;

    /**
     * @param attempts wrong passwords by user
     * @param workers where password hashes are computed
     * @param lifetime of a token
     */
    TokenRoutes(
            Bus bus, Tokens tokens, Attempts attempts, WorkerExecutor workers, Duration lifetime, InstantSource clock) {
        this.bus = bus;
        this.tokens = tokens;
        this.attempts = attempts;
        this.workers = workers;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    void mount(RouteTable routes, int maxBody) {
        routes.add("POST", "/v3/auth/tokens", new Route(Access.OPEN, MAX_LOGIN_BODY, this::login));
        routes.add("GET", "/v3/projects", new Route(Access.AUTHENTICATED, maxBody, TokenRoutes::projects));
    }

    private Future<Reply> login(Call call) {
        Login login = login(call.fields());
        String key = login.domain + '/' + login.user;
        if (!attempts.allowed(key)) {
            throw new Failed(new Failure.RateLimited("too many wrong passwords of this user"));
        }
        return account(login)
                .compose(user -> matches(login, user).map(fits -> {
                    if (!fits || user.isEmpty()) {
                        attempts.failed(key);
                        throw new Failed(new Failure.NotAuthenticated(WRONG));
                    }
                    attempts.succeeded(key);
                    return answer(login, user.get());
                }));
    }

    private Future<Optional<User>> account(Login login) {
        return bus.ask(new FindAccount(login.domain, login.user))
                .map(account -> Optional.of(account.user()))
                .recover(e -> e instanceof Failed failed && failed.failure() instanceof Failure.NotFound
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(e));
    }

    /** Takes as long for a user that does not exist. */
    private Future<Boolean> matches(Login login, Optional<User> user) {
        if (checks >= MAX_CHECKS) {
            throw new Failed(new Failure.Busy("passwords"));
        }
        checks++;
        Secret stored = user.map(User::passwordHash).orElse(PasswordHash.OF_NOBODY);
        return workers.executeBlocking(() -> PasswordHash.matches(login.password, stored), false)
                .map(fits -> fits != null && fits)
                .onComplete(_ -> checks--);
    }

    private Reply answer(Login login, User user) {
        @Nullable Project project = project(login, user);
        Instant now = clock.instant();
        Instant expires = now.plus(lifetime);
        Tokens.Claims claims = new Tokens.Claims(
                user.domain(), user.name(), project == null ? null : project.id(), user.passwordSince(), expires);
        return Reply.json(201, TokenShape.token(user, project, now, expires))
                .with("X-Subject-Token", tokens.issue(claims));
    }

    /** The project that is asked for; else the user's only one; else none, which opens all that are the user's. */
    private static @Nullable Project project(Login login, User user) {
        if (login.project == null) {
            return user.projects().size() == 1 ? user.projects().getFirst() : null;
        }
        return user.projects().stream()
                .filter(p -> login.project.equals(p.id().value()) || login.project.equals(p.name()))
                .findFirst()
                .orElseThrow(() ->
                        new Failed(new Failure.NotAuthenticated("the project in scope is not one of the user's")));
    }

    private static Login login(Fields fields) {
        Fields auth = object(fields, "auth");
        Fields identity = object(auth, "identity");
        if (!identity.texts("methods").equals(List.of("password"))) {
            throw new InvalidField("auth.identity.methods", "must be [\"password\"]");
        }
        Fields user = object(object(identity, "password"), "user");
        String password = user.mandatoryText("password");
        if (password.length() > MAX_PASSWORD) {
            throw new InvalidField(
                    "auth.identity.password.user.password", "must not be longer than " + MAX_PASSWORD + " characters");
        }
        @Nullable Fields scope = auth.object("scope");
        @Nullable Fields project = scope == null ? null : scope.object("project");
        return new Login(
                accountName("auth.identity.password.user.domain.name", object(user, "domain")),
                accountName("auth.identity.password.user.name", user),
                new Secret(password),
                project == null ? null : projectName(project));
    }

    /** What cannot be the name of an account is neither kept nor looked up. */
    private static String accountName(String path, Fields fields) {
        return Text.identifier(path, fields.mandatoryText("name"), MAX_ACCOUNT_NAME);
    }

    private static @Nullable String projectName(Fields project) {
        @Nullable String id = project.text("id");
        @Nullable String name = project.text("name");
        return id == null ? name : id;
    }

    private static Fields object(Fields fields, String name) {
        @Nullable Fields object = fields.object(name);
        if (object == null) {
            throw fields.missing(name);
        }
        return object;
    }

    /**
     * A key opens exactly one project, which is answered whatever name is asked for: the SDK asks for its region's name and
     * wants exactly one project (northbound §8.3). Of a token's projects those of the name are answered.
     */
    private static Future<Reply> projects(Call call) {
        @Nullable String name = call.parameter("name");
        List<Project> found = call.projects().size() == 1 || name == null
                ? call.projects()
                : call.projects().stream().filter(p -> p.name().equals(name)).toList();
        return Future.succeededFuture(Reply.json(
                200, new Members().list("projects", found, TokenShape::project).node()));
    }

    /** @param project id or name, as in the request's scope */
    private record Login(
            String domain,
            String user,
            Secret password,
            @Nullable String project) {}
}
