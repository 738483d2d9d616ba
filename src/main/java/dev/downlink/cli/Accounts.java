// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Awaiting;
import dev.downlink.Lifetime;
import dev.downlink.Logs;
import dev.downlink.Platform;
import dev.downlink.Rooms;
import dev.downlink.Storage;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.AccountRequest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;

/**
 * Projects, users and keys for a command: the rooms that keep them, without any door, as long as the command runs. A gateway
 * may run on the same database meanwhile.
 */
final class Accounts {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Bus bus;

    private Accounts(Bus bus) {
        this.bus = bus;
    }

    /** What a command does with the accounts. */
    interface Work {
        void run(Accounts accounts);
    }

    /** Blocks. */
    static int use(Settings settings, Work work) {
        Logs.quiet();
        Lifetime lifetime = new Lifetime();
        try (StopSignal _ = new StopSignal(lifetime)) {
            Accounts accounts = open(settings, lifetime);
            lifetime.openingIsOver();
            work.run(accounts);
            return ExitCodes.OK;
        } finally {
            lifetime.openingIsOver();
            lifetime.close();
        }
    }

    private static Accounts open(Settings wanted, Lifetime lifetime) {
        Storage storage = lifetime.own("database", Storage.join(wanted)).ready();
        Vertx vertx = Platform.small();
        lifetime.own("vertx", () -> Awaiting.await(vertx.close(), LIMIT));
        // a name of its own: a node takes another one of its name for an earlier life of itself
        NodeIdentity node = NodeIdentity.fresh("command-" + UUID.randomUUID());
        Rooms rooms = Rooms.ofAccounts(vertx, storage.settings(), storage.vault(), node);
        lifetime.own("rooms", () -> Awaiting.await(rooms.close(), LIMIT));
        var _ = Awaiting.await(rooms.open(), LIMIT);
        return new Accounts(Bus.of(vertx));
    }

    /** The id of a project that is given by id or name. */
    ProjectId project(String idOrName) {
        return ask(new AccountRequest.FindProject(idOrName)).project().id();
    }

    /** Throws what the request fails with. */
    <R extends Record> R ask(AccountRequest<R> request) {
        return Awaiting.await(bus.ask(request), LIMIT);
    }
}
