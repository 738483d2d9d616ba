// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.ClientId;
import dev.downlink.auth.DevicePassword;
import dev.downlink.auth.Fingerprints;
import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.Device;
import dev.downlink.model.Product;
import dev.downlink.protocol.DeviceRequest.LearnFingerprint;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest;
import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a device is let in (southbound §1). Belongs to one verticle instance. */
final class Login {
    private static final Logger LOGGER = LoggerFactory.getLogger(Login.class);

    private final Bus bus;
    private final Settings.Mqtt settings;
    private final InstantSource clock;
    private final FailedLogins failures;

    Login(Bus bus, Settings.Mqtt settings, InstantSource clock) {
        this.bus = bus;
        this.settings = settings;
        this.clock = clock;
        failures = new FailedLogins(settings, clock);
    }

    /** What comes of a CONNECT. */
    sealed interface Verdict {
        record Welcome(Device device, Product product) implements Verdict {}

        record Refused(Refusal why) implements Verdict {}
    }

    /** Always succeeds. */
    Future<Verdict> judge(Connect connect, Peer peer) {
        Optional<Refusal> malformed = checkForm(connect);
        Optional<ClientId> client = connect.client();
        if (malformed.isPresent() || client.isEmpty()) {
            return refuse(malformed.orElse(Refusal.CLIENT_ID));
        }
        if (!failures.allows(client.get(), peer)) {
            return refuse(Refusal.TOO_MANY_FAILURES);
        }
        Attempt attempt = new Attempt(connect, client.get(), peer);
        return find(attempt).compose(found -> decide(attempt, found)).recover(e -> notFound(attempt, e));
    }

    private Optional<Refusal> checkForm(Connect connect) {
        if (connect.hasAuthenticationMethod()) {
            return Optional.of(Refusal.AUTHENTICATION_METHOD);
        }
        if (connect.client().isEmpty()) {
            return Optional.of(Refusal.CLIENT_ID);
        }
        int keepAlive = connect.keepAlive();
        boolean inRange = keepAlive >= settings.keepAliveMin() && keepAlive <= settings.keepAliveMax();
        boolean negotiable = settings.anyKeepAlive() || connect.isMqtt5();
        return inRange || negotiable ? Optional.empty() : Optional.of(Refusal.KEEP_ALIVE);
    }

    private Future<RegistryRequest.Login> find(Attempt attempt) {
        return bus.ask(new RegistryRequest.FindLogin(attempt.client.device()));
    }

    private Future<Verdict> notFound(Attempt attempt, Throwable e) {
        if (e instanceof Failed failed && failed.failure() instanceof Failure.DeviceNotFound) {
            return wrongCredentials(attempt);
        }
        LOGGER.debug("device={} cannot be looked up, error={}", attempt.client.device(), e.getMessage());
        return refuse(Refusal.UNAVAILABLE);
    }

    private Future<Verdict> decide(Attempt attempt, RegistryRequest.Login found) {
        AuthInfo auth = found.device().auth();
        Optional<Refusal> barred = barred(found.device(), attempt.peer);
        X509Certificate certificate = attempt.peer.certificate();
        if (isFirstCertificate(auth, certificate) && certificate != null) {
            return barred.isPresent() ? refuse(barred.get()) : learn(attempt, certificate);
        }
        boolean fits = auth.type() == AuthInfo.Type.CERTIFICATES
                ? certificate != null && fits(certificate, auth)
                : fits(attempt, auth);
        if (!fits) {
            return wrongCredentials(attempt);
        }
        failures.succeeded(attempt.client, attempt.peer);
        return barred.isPresent() ? refuse(barred.get()) : welcome(found);
    }

    /** A device that may not connect here, whatever its credentials are. */
    private static Optional<Refusal> barred(Device device, Peer peer) {
        boolean barred =
                device.frozen() || !device.connectsByItself() || (device.auth().secureAccess() && !peer.tls());
        return barred ? Optional.of(Refusal.NOT_AUTHORIZED) : Optional.empty();
    }

    private boolean isFirstCertificate(AuthInfo auth, @Nullable X509Certificate certificate) {
        return auth.type() == AuthInfo.Type.CERTIFICATES
                && auth.fingerprint() == null
                && auth.secondaryFingerprint() == null
                && certificate != null
                && isValidNow(certificate);
    }

    /** Two first connections may race, so what was learned is read again. */
    private Future<Verdict> learn(Attempt attempt, X509Certificate certificate) {
        LearnFingerprint request = new LearnFingerprint(attempt.client.device(), Fingerprints.sha256(certificate));
        return bus.ask(request).compose(_ -> find(attempt)).compose(found -> {
            if (!fits(certificate, found.device().auth())) {
                return wrongCredentials(attempt);
            }
            return welcome(found);
        });
    }

    private boolean fits(X509Certificate certificate, AuthInfo auth) {
        return isValidNow(certificate)
                && Fingerprints.matches(certificate, auth.fingerprint(), auth.secondaryFingerprint());
    }

    private boolean isValidNow(X509Certificate certificate) {
        Instant now = clock.instant();
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private boolean fits(Attempt attempt, AuthInfo auth) {
        return attempt.connect
                .password()
                .filter(password -> DevicePassword.matches(
                        attempt.client,
                        password,
                        auth.secret(),
                        auth.secondarySecret(),
                        clock.instant(),
                        settings.timestampTolerance()))
                .isPresent();
    }

    private Future<Verdict> wrongCredentials(Attempt attempt) {
        boolean tooMany = failures.isUnderAttack(attempt.client);
        failures.failed(attempt.connect, attempt.client, attempt.peer);
        return refuse(tooMany ? Refusal.TOO_MANY_FAILURES : Refusal.CREDENTIALS);
    }

    private static Future<Verdict> welcome(RegistryRequest.Login found) {
        return Future.succeededFuture(new Verdict.Welcome(found.device(), found.product()));
    }

    private static Future<Verdict> refuse(Refusal why) {
        return Future.succeededFuture(new Verdict.Refused(why));
    }

    private record Attempt(Connect connect, ClientId client, Peer peer) {}
}
