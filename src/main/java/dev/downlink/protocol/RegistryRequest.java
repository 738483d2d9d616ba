// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.AccessKey;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.model.User;
import java.util.List;

/** What the registry can be asked. The requests that every command or login needs are here and answered from caches. */
public sealed interface RegistryRequest<R extends Record> extends Request<R>
        permits RegistryRequest.FindTarget,
                RegistryRequest.FindRelative,
                RegistryRequest.FindInterest,
                RegistryRequest.FindLogin,
                RegistryRequest.FindKey,
                RegistryRequest.FindAccount,
                ProductRequest,
                DeviceRequest,
                TagRequest,
                GroupRequest,
                SubDeviceRequest,
                SpaceRequest,
                RuleRequest,
                PolicyRequest,
                AccountRequest {

    /** Who a call to a device goes to. Fails with {@link Failure.DeviceNotFound}, also for another project's device. */
    record FindTarget(ProjectId project, DeviceId device) implements RegistryRequest<Target> {}

    /**
     * A device that a connection speaks of: its own or one below it. Fails with {@link Failure.DeviceNotFound}, also for a
     * device that there is elsewhere.
     */
    record FindRelative(DeviceId connection, DeviceId device) implements RegistryRequest<Target> {}

    /** Whether an active rule asks for what happens to the devices of a space. */
    record FindInterest(ProjectId project, SpaceId space, Subject subject) implements RegistryRequest<Interest> {}

    /** What is needed to let a device in. Fails with {@link Failure.DeviceNotFound}. */
    record FindLogin(DeviceId device) implements RegistryRequest<Login> {}

    /** The key pair that signed a request. Fails with {@link Failure.NotFound}. */
    record FindKey(String accessKey) implements RegistryRequest<KeyOwner> {}

    /** The user that a token names. Fails with {@link Failure.NotFound}. */
    record FindAccount(String domain, String user) implements RegistryRequest<Account> {}

    /**
     * @param connection the device that has the connection: the device itself or the gateway at the top above it
     * @param frozen whether the connection's device is frozen
     */
    record Target(Device device, Product product, DeviceId connection, boolean frozen) {}

    /** @param asked whether what happens is to be offered to the rules */
    record Interest(boolean asked) {}

    record Login(Device device, Product product) {}

    record KeyOwner(AccessKey key, Project project) {}

    record Account(User user) {}

    record Accounts(List<User> users) {}
}
