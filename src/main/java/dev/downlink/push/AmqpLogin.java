// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.auth.Attempts;
import dev.downlink.model.AccessCode;
import dev.downlink.model.ProjectId;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.apache.qpid.proton.engine.Sasl.SaslOutcome;
import org.jspecify.annotations.Nullable;

/** Decides whether a consumer is let in (northbound §6.2). Belongs to one instance of the room. */
final class AmqpLogin {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** So many logins with a wrong code from one address, as one key and as any; then they are refused for a minute. */
    private static final int MAX_FAILURES = 10;

    private static final int MAX_FAILURES_PER_ADDRESS = 100;
    private static final int CAPACITY = 10_000;
    /** A code that was right is not read again so soon, when many of its consumers come back at once. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private final AmqpDirectory directory;
    private final Duration loginWindow;
    private final InstantSource clock;
    private final Attempts keys;
    private final Attempts addresses;
    private final LinkedHashMap<String, Known> known = new LinkedHashMap<>();

    AmqpLogin(AmqpDirectory directory, Duration loginWindow, InstantSource clock) {
        this.directory = directory;
        this.loginWindow = loginWindow;
        this.clock = clock;
        keys = new Attempts(MAX_FAILURES, WINDOW, CAPACITY, clock);
        addresses = new Attempts(MAX_FAILURES_PER_ADDRESS, WINDOW, CAPACITY, clock);
    }

    /** What came of a login. */
    enum Result {
        ACCEPTED(SaslOutcome.PN_SASL_OK, ""),
        MECHANISM(SaslOutcome.PN_SASL_AUTH, "its SASL mechanism is not PLAIN"),
        MALFORMED(SaslOutcome.PN_SASL_AUTH, "its user is not accessKey=…|timestamp=…|instanceId=…"),
        STALE(SaslOutcome.PN_SASL_AUTH, "its timestamp is too far from the time here"),
        UNKNOWN_KEY(SaslOutcome.PN_SASL_AUTH, "its access key is unknown"),
        WRONG_CODE(SaslOutcome.PN_SASL_AUTH, "its access code is wrong"),
        TOO_MANY_FAILURES(SaslOutcome.PN_SASL_TEMP, "too many logins from there failed"),
        TOO_MANY_CONNECTIONS(SaslOutcome.PN_SASL_TEMP, "there are amqp.max_connections"),
        UNAVAILABLE(SaslOutcome.PN_SASL_TEMP, "its access code cannot be looked up");

        private final SaslOutcome outcome;
        private final String why;

        Result(SaslOutcome outcome, String why) {
            this.outcome = outcome;
            this.why = why;
        }

        /** What the consumer is told: to come back later, or with something else. */
        SaslOutcome outcome() {
            return outcome;
        }

        /** For the log. */
        String why() {
            return why;
        }
    }

    /** @param project null when it is refused */
    record Verdict(Result result, @Nullable ProjectId project) {}

    /** Always succeeds. */
    Future<Verdict> judge(String mechanism, byte[] response, String address) {
        if (!mechanism.equals("PLAIN")) {
            return refuse(Result.MECHANISM);
        }
        return AmqpClaim.parse(response).map(claim -> judge(claim, address)).orElseGet(() -> refuse(Result.MALFORMED));
    }

    /** The codes of a project are read anew. */
    void forget(ProjectId project) {
        known.values().removeIf(one -> one.code.project().equals(project));
    }

    private Future<Verdict> judge(AmqpClaim claim, String address) {
        if (!keys.allowed(key(claim, address)) || !addresses.allowed(address)) {
            return refuse(Result.TOO_MANY_FAILURES);
        }
        Instant now = clock.instant();
        if (Duration.between(claim.timestamp(), now).abs().compareTo(loginWindow) > 0) {
            return refuse(Result.STALE);
        }
        Known before = known.get(claim.accessKey());
        if (before != null && before.until.isAfter(now) && fits(claim, before.code)) {
            return welcome(claim, before.code, address);
        }
        return directory
                .code(claim.accessKey())
                .compose(found -> decide(claim, found, address))
                .recover(_ -> refuse(Result.UNAVAILABLE));
    }

    private Future<Verdict> decide(AmqpClaim claim, Optional<AccessCode> found, String address) {
        Optional<AccessCode> code = found.filter(one -> one.type() == AccessCode.Type.AMQP);
        if (code.isEmpty()) {
            return wrong(claim, address, Result.UNKNOWN_KEY);
        }
        if (!fits(claim, code.get())) {
            return wrong(claim, address, Result.WRONG_CODE);
        }
        known.put(claim.accessKey(), new Known(code.get(), clock.instant().plus(REMEMBERED)));
        if (known.size() > CAPACITY) {
            known.pollFirstEntry();
        }
        return welcome(claim, code.get(), address);
    }

    private static boolean fits(AmqpClaim claim, AccessCode code) {
        return MessageDigest.isEqual(claim.code().bytes(), code.code().bytes());
    }

    private Future<Verdict> welcome(AmqpClaim claim, AccessCode code, String address) {
        keys.succeeded(key(claim, address));
        return Future.succeededFuture(new Verdict(Result.ACCEPTED, code.project()));
    }

    private Future<Verdict> wrong(AmqpClaim claim, String address, Result why) {
        keys.failed(key(claim, address));
        addresses.failed(address);
        return refuse(why);
    }

    private static Future<Verdict> refuse(Result why) {
        return Future.succeededFuture(new Verdict(why, null));
    }

    private static String key(AmqpClaim claim, String address) {
        return claim.accessKey() + ' ' + address;
    }

    private record Known(AccessCode code, Instant until) {}
}
