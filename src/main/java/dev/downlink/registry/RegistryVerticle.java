// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.GroupRequest;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.PolicyRequest;
import dev.downlink.protocol.ProductRequest;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RuleRequest;
import dev.downlink.protocol.SpaceRequest;
import dev.downlink.protocol.SubDeviceRequest;
import dev.downlink.protocol.TagRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.shareddata.LocalMap;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The registry room. May have an instance on every event loop; each has its own caches and everything below it belongs to
 * that loop's thread. The instance that starts first does the {@link Upkeep} of the node: it takes a mark that the instances
 * of one Vert.x share, and gives it back when it stops.
 *
 * <p>Needs the repository to be there first.
 */
public final class RegistryVerticle extends VerticleBase {
    private static final int MAX_IN_HAND = 20_000;

    private final Settings settings;
    private final NodeIdentity node;
    private final InstantSource clock;
    private final Upkeep.@Nullable Pace pace;
    private final String self = UUID.randomUUID().toString();
    private @Nullable Upkeep upkeep;

    public RegistryVerticle(Settings settings, NodeIdentity node) {
        this(settings, node, InstantSource.system(), Upkeep.Pace.of(settings.status()));
    }

    /** For a process that only asks: it is no node, and does not look after the others. */
    public static RegistryVerticle withoutUpkeep(Settings settings, NodeIdentity node) {
        return new RegistryVerticle(settings, node, InstantSource.system(), null);
    }

    RegistryVerticle(Settings settings, NodeIdentity node, InstantSource clock, Upkeep.@Nullable Pace pace) {
        this.settings = settings;
        this.node = node;
        this.clock = clock;
        this.pace = pace;
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Facts facts = new Facts(bus, settings.registry());
        Changes changes = new Changes(bus, facts);
        Desks desks = desks(bus, facts, changes);
        return hear(bus, changes)
                .compose(_ -> startUpkeep(bus, facts, changes))
                .compose(_ -> bus.answer(Address.REGISTRY, RegistryRequest.class, MAX_IN_HAND, desks::answer));
    }

    private Desks desks(Bus bus, Facts facts, Changes changes) {
        Spaces spaces = new Spaces(bus, changes, clock);
        Products products = new Products(bus, spaces, changes, clock);
        Probing probing = new Probing(bus, settings.push());
        Registration registration = new Registration(bus, products, clock);
        Devices devices = new Devices(bus, registration, changes, new Gateways(bus, facts));
        return new Desks(
                facts,
                products,
                devices,
                new SubDevices(bus, facts, registration, devices),
                new Tags(bus),
                new Groups(bus, spaces, clock),
                spaces,
                new Rules(bus, spaces, changes, probing, clock),
                new Actions(bus, changes, probing, clock),
                new Queues(bus, changes, clock),
                new Policies(bus, changes, clock),
                new Accounts(bus, changes, clock));
    }

    /** Comes before the first answer, so that nothing is kept of which a change could be missed. */
    private static Future<?> hear(Bus bus, Changes changes) {
        return Future.all(
                bus.hear(Notice.DeviceChanged.class, changes::heard),
                bus.hear(Notice.ProductChanged.class, changes::heard),
                bus.hear(Notice.RulesChanged.class, changes::heard),
                bus.hear(Notice.AccountsChanged.class, changes::heard),
                bus.hear(Notice.NodeJoined.class, changes::heard));
    }

    private Future<Void> startUpkeep(Bus bus, Facts facts, Changes changes) {
        if (pace == null || marks().putIfAbsent("upkeep", self) != null) {
            return Future.succeededFuture();
        }
        Upkeep own = new Upkeep(vertx, bus, node, changes, new Gateways(bus, facts), clock, pace);
        upkeep = own;
        return bus.hear(Notice.NodeLeft.class, left -> own.left(left.node())).compose(_ -> own.start());
    }

    @Override
    public Future<?> stop() {
        if (upkeep == null) {
            return Future.succeededFuture();
        }
        marks().removeIfPresent("upkeep", self);
        return upkeep.stop();
    }

    private LocalMap<String, String> marks() {
        return vertx.sharedData().getLocalMap("downlink.registry");
    }

    /** The one switch of the room, over families of requests; each family has its own. */
    private record Desks(
            Facts facts,
            Products products,
            Devices devices,
            SubDevices subDevices,
            Tags tags,
            Groups groups,
            Spaces spaces,
            Rules rules,
            Actions actions,
            Queues queues,
            Policies policies,
            Accounts accounts) {
        Answer<?> answer(RegistryRequest<?> request) {
            return switch (request) {
                case RegistryRequest.FindTarget q -> Answer.to(q, facts.target(q));
                case RegistryRequest.FindRelative q -> Answer.to(q, facts.relative(q));
                case RegistryRequest.FindInterest q -> Answer.to(q, facts.interest(q));
                case RegistryRequest.FindLogin q -> Answer.to(q, facts.login(q.device()));
                case RegistryRequest.FindKey q -> Answer.to(q, facts.key(q.accessKey()));
                case RegistryRequest.FindAccount q -> Answer.to(q, facts.account(q));
                case ProductRequest<?> q -> products.answer(q);
                case DeviceRequest<?> q -> devices.answer(q);
                case TagRequest<?> q -> tags.answer(q);
                case GroupRequest<?> q -> groups.answer(q);
                case SubDeviceRequest<?> q -> subDevices.answer(q);
                case SpaceRequest<?> q -> spaces.answer(q);
                case RuleRequest<?> q -> answer(q);
                case PolicyRequest<?> q -> policies.answer(q);
                case AccountRequest<?> q -> accounts.answer(q);
            };
        }

        private Answer<?> answer(RuleRequest<?> request) {
            return switch (request) {
                case RuleRequest.AddRule q -> Answer.to(q, rules.add(q));
                case RuleRequest.ChangeRule q -> Answer.to(q, rules.change(q));
                case RuleRequest.DeleteRule q -> Answer.to(q, rules.delete(q));
                case RuleRequest.AddAction q -> Answer.to(q, actions.add(q));
                case RuleRequest.ChangeAction q -> Answer.to(q, actions.change(q));
                case RuleRequest.DeleteAction q -> Answer.to(q, actions.delete(q));
                case RuleRequest.AddQueue q -> Answer.to(q, queues.add(q));
                case RuleRequest.DeleteQueue q -> Answer.to(q, queues.delete(q));
                case RuleRequest.ReplaceCode q -> Answer.to(q, queues.replace(q));
            };
        }
    }
}
