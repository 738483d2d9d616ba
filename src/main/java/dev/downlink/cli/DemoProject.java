// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Gateway;
import dev.downlink.auth.PasswordHash;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import java.util.List;

/** The demo's project with its key and user. Whatever is there from an earlier start stays. */
final class DemoProject {
    static final ProjectId PROJECT = new ProjectId("demo");
    static final String ACCESS_KEY = "DEMO";
    static final String DOMAIN = "default";
    static final String USER = "demo";

    private final Gateway gateway;
    private final DemoSecrets secrets;

    DemoProject(Gateway gateway, DemoSecrets secrets) {
        this.gateway = gateway;
        this.secrets = secrets;
    }

    void make() {
        boolean _ = made(new AccountRequest.CreateProject(PROJECT, PROJECT.value()));
        makeKey();
        makeUser();
    }

    private void makeKey() {
        var wanted = new AccountRequest.CreateKey(PROJECT, ACCESS_KEY, secrets.secretKey());
        if (!made(wanted) && secrets.fresh()) {
            var _ = gateway.ask(new AccountRequest.DeleteKey(ACCESS_KEY));
            var _ = gateway.ask(wanted);
        }
    }

    private void makeUser() {
        Secret hash = PasswordHash.of(secrets.password());
        if (!made(new AccountRequest.CreateUser(DOMAIN, USER, hash, List.of(PROJECT))) && secrets.fresh()) {
            var _ = gateway.ask(new AccountRequest.SetPassword(DOMAIN, USER, hash));
        }
    }

    /** False when there is one already. */
    private boolean made(Request<?> request) {
        try {
            var _ = gateway.ask(request);
            return true;
        } catch (Failed e) {
            if (e.failure() instanceof Failure.AlreadyExists) {
                return false;
            }
            throw e;
        }
    }
}
