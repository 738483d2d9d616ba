// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.bus.Cached;
import dev.downlink.config.Settings;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest.Account;
import dev.downlink.protocol.RegistryRequest.FindAccount;
import dev.downlink.protocol.RegistryRequest.FindInterest;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.RegistryRequest.Interest;
import dev.downlink.protocol.RegistryRequest.KeyOwner;
import dev.downlink.protocol.RegistryRequest.Login;
import dev.downlink.protocol.RegistryRequest.Target;
import io.vertx.core.Future;

/**
 * What commands, logins and signatures ask all the time, from memory where possible. A target is put together from its
 * device and the gateways above at every question, so that a change of any of them shows at once.
 */
final class Facts {
    private final KnownDevices devices;
    private final Cached<String, KeyOwner> keys;
    private final Cached<FindAccount, Account> accounts;
    private final Interests interests;

    Facts(Bus bus, Settings.Registry settings) {
        devices = new KnownDevices(bus, settings);
        keys = new Cached<>(settings.cacheSize(), settings.ownTime(), id -> bus.ask(new AccountRows.SelectKey(id)));
        accounts = new Cached<>(
                settings.cacheSize(),
                settings.cacheTime(),
                q -> bus.ask(new AccountRows.SelectUser(q.domain(), q.user())));
        interests = new Interests(bus, settings);
    }

    Future<Target> target(FindTarget q) {
        return devices.find(q.device())
                .compose(found -> found.device().project().equals(q.project())
                        ? connection(found.device(), Depth.MAX).map(top -> target(found, top))
                        : Future.failedFuture(new Failed(new Failure.DeviceNotFound(q.device()))));
    }

    /** Who has the connection is always at the top, so all that hangs below it is its own. */
    Future<Target> relative(FindRelative q) {
        return devices.find(q.device())
                .compose(found -> connection(found.device(), Depth.MAX)
                        .compose(top -> top.id().equals(q.connection())
                                ? Future.succeededFuture(target(found, top))
                                : Future.failedFuture(new Failed(new Failure.DeviceNotFound(q.device())))));
    }

    Future<Interest> interest(FindInterest q) {
        return interests.find(q);
    }

    private static Target target(DeviceRows.DeviceWithProduct found, Device connection) {
        boolean frozen = found.device().frozen() || connection.frozen();
        return new Target(found.device(), found.product(), connection.id(), frozen);
    }

    private Future<Device> connection(Device device, int levelsAbove) {
        DeviceId parent = device.parent();
        if (parent == null) {
            return Future.succeededFuture(device);
        }
        if (levelsAbove == 0) {
            return Future.failedFuture(new IllegalStateException("too many gateways above a device"));
        }
        return devices.find(parent).compose(found -> connection(found.device(), levelsAbove - 1));
    }

    Future<Login> login(DeviceId id) {
        return devices.find(id).map(found -> new Login(found.device(), found.product()));
    }

    Future<KeyOwner> key(String id) {
        return keys.find(id);
    }

    Future<Account> account(FindAccount q) {
        return accounts.find(q);
    }

    /** What is stale after a change; a node that joins has changed who knows what. */
    void forget(Notice.Change change) {
        switch (change) {
            case Notice.DeviceChanged c -> devices.forget(c.device());
            case Notice.ProductChanged c -> devices.forget(c.project(), c.product());
            case Notice.RulesChanged c -> interests.forget(c.project());
            case Notice.AccountsChanged _ -> forgetAccounts();
            case Notice.NodeJoined _ -> forgetAll();
        }
    }

    private void forgetAll() {
        devices.forgetAll();
        interests.forgetAll();
        forgetAccounts();
    }

    private void forgetAccounts() {
        keys.forgetAll();
        accounts.forgetAll();
    }
}
