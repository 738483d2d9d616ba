// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.auth.Attempts;
import dev.downlink.auth.NotAuthentic;
import dev.downlink.auth.RequestSignature;
import dev.downlink.auth.SignatureClaim;
import dev.downlink.auth.SignedRequest;
import dev.downlink.auth.Tokens;
import dev.downlink.bus.Bus;
import dev.downlink.model.AccessKey;
import dev.downlink.model.Project;
import dev.downlink.model.User;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindAccount;
import dev.downlink.protocol.RegistryRequest.KeyOwner;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sent a request: by its signature, or by its token when it has no signature (northbound §8). Belongs to one
 * verticle instance.
 */
final class Authentication {
    static final int MAX_FAILED_SIGNATURES = 100;
    private static final int MAX_ACCESS_KEY = 64;
    private static final CharSequence TOKEN = HttpHeaders.createOptimized("X-Auth-Token");

    private final Bus bus;
    private final KnownKeys keys;
    private final RequestSignature signatures;
    private final Tokens tokens;
    /** Wrong signatures and unknown keys by network address; one right signature forgives them. */
    private final Attempts attempts;

    Authentication(Bus bus, KnownKeys keys, RequestSignature signatures, Tokens tokens, Attempts attempts) {
        this.bus = bus;
        this.keys = keys;
        this.signatures = signatures;
        this.tokens = tokens;
        this.attempts = attempts;
    }

    /** Checks all that can be checked before the body is read. */
    Future<Pass> begin(HttpServerRequest request, RequestLine line) {
        @Nullable String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            return signed(authorization, request, line);
        }
        @Nullable String token = request.getHeader(TOKEN);
        if (token != null) {
            return tokened(token);
        }
        throw notAuthenticated("neither Authorization nor X-Auth-Token is there");
    }

    private Future<Pass> signed(String authorization, HttpServerRequest request, RequestLine line) {
        SignedRequest parts = new SignedRequest(line.method(), line.segments(), line.query(), request::getHeader);
        SignatureClaim claim = claim(authorization, parts);
        if (claim.accessKey().length() > MAX_ACCESS_KEY) {
            throw notAuthenticated("the access key is unknown");
        }
        // others behind the same address, which may be a proxy's, are not to suffer
        Supplier<String> who =
                () -> claim.accessKey() + '@' + request.remoteAddress().hostAddress();
        if (!attempts.isEmpty() && !attempts.allowed(who.get())) {
            throw new Failed(new Failure.RateLimited("too many wrong signatures with this key from this address"));
        }
        KeyOwner known = keys.known(claim.accessKey());
        if (known != null) {
            return Future.succeededFuture(pass(claim, known, parts, who));
        }
        return keys.find(claim.accessKey())
                .transform(owner -> owner.succeeded()
                        ? Future.succeededFuture(pass(claim, owner.result(), parts, who))
                        : Future.failedFuture(isNotFound(owner.cause()) ? unknownKey(who) : owner.cause()));
    }

    private Pass pass(SignatureClaim claim, KeyOwner owner, SignedRequest parts, Supplier<String> who) {
        return new Pass(List.of(owner.project()), body -> check(claim, owner.key(), parts, body, who));
    }

    private SignatureClaim claim(String authorization, SignedRequest parts) {
        try {
            SignatureClaim claim = SignatureClaim.parse(authorization);
            signatures.checkHeaders(claim, parts);
            return claim;
        } catch (NotAuthentic e) {
            throw notAuthenticated(e.why());
        }
    }

    private void check(SignatureClaim claim, AccessKey key, SignedRequest parts, BodyBytes body, Supplier<String> who) {
        try {
            signatures.check(claim, key.secret(), parts, body.bytes());
            if (!attempts.isEmpty()) {
                attempts.succeeded(who.get());
            }
        } catch (NotAuthentic e) {
            attempts.failed(who.get());
            throw notAuthenticated(e.why());
        }
    }

    private Failed unknownKey(Supplier<String> who) {
        attempts.failed(who.get());
        return notAuthenticated("the access key is unknown");
    }

    private Future<Pass> tokened(String token) {
        Tokens.Claims claims;
        try {
            claims = tokens.check(token);
        } catch (NotAuthentic e) {
            throw invalidToken(e.why());
        }
        return bus.ask(new FindAccount(claims.domain(), claims.user()))
                .map(account -> new Pass(projects(claims, account.user()), _ -> {}))
                .recover(e -> Future.failedFuture(isNotFound(e) ? invalidToken("the user does not exist") : e));
    }

    private static List<Project> projects(Tokens.Claims claims, User user) {
        if (claims.passwordSince().toEpochMilli() != user.passwordSince().toEpochMilli()) {
            throw invalidToken("the password was changed since");
        }
        return user.projects().stream()
                .filter(project -> claims.project() == null || claims.project().equals(project.id()))
                .toList();
    }

    private static boolean isNotFound(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.NotFound;
    }

    private static Failed notAuthenticated(String why) {
        return new Failed(new Failure.NotAuthenticated(why));
    }

    private static Failed invalidToken(String why) {
        return new Failed(new Failure.InvalidToken(why));
    }
}
