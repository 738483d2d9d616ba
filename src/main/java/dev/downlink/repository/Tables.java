// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.bus.Answer;
import dev.downlink.config.Settings;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.BacklogRows;
import dev.downlink.protocol.DeadLetterRows;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.GroupRows;
import dev.downlink.protocol.MessageRows;
import dev.downlink.protocol.OutboxRows;
import dev.downlink.protocol.PolicyRows;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.PushRows;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.RuleRows;
import dev.downlink.protocol.SearchRows;
import dev.downlink.protocol.SessionRows;
import dev.downlink.protocol.ShadowRows;
import dev.downlink.protocol.SpaceRows;
import dev.downlink.protocol.SubDeviceRows;
import dev.downlink.protocol.TagRows;

/** All tables, and which of them answers what: a room's one switch, with a branch for each kind of request. */
record Tables(
        ProductTable products,
        DeviceTable devices,
        DeviceReads deviceReads,
        TagTable tags,
        GroupTable groups,
        GroupMemberTable members,
        SearchTable searches,
        SpaceTable spaces,
        ProjectTable projects,
        UserTable users,
        KeyTable keys,
        SessionTable sessions,
        SessionEnds ends,
        NodeTable nodes,
        MessageTable messages,
        OutboxTable outbox,
        RuleTables rules,
        OutletTable outlets,
        LaneTable lanes,
        OutboxReads events,
        BacklogTable backlogs,
        DeadLetterTable deadLetters,
        ShadowTable shadows,
        ReportTable reports,
        GatewayLists lists,
        GatewayMoves moves) {

    static Tables of(Database database, Settings settings, Vault vault, Batching batching) {
        SessionEnds ends = new SessionEnds(database, settings.status().debounce());
        return new Tables(
                new ProductTable(database),
                new DeviceTable(database, vault),
                new DeviceReads(database, vault, batching),
                new TagTable(database),
                new GroupTable(database),
                new GroupMemberTable(database),
                new SearchTable(database, vault),
                new SpaceTable(database),
                new ProjectTable(database),
                new UserTable(database),
                new KeyTable(database, vault, batching),
                new SessionTable(database, ends, batching),
                ends,
                new NodeTable(database, ends),
                new MessageTable(database, settings.database(), batching),
                new OutboxTable(database, batching),
                RuleTables.of(database, vault),
                new OutletTable(database, vault),
                new LaneTable(database),
                new OutboxReads(database),
                new BacklogTable(database),
                new DeadLetterTable(database),
                new ShadowTable(database, batching),
                new ReportTable(database, batching),
                new GatewayLists(database, batching),
                new GatewayMoves(database, MessageTable.longestInsert(settings.database())));
    }

    Answer<?> answer(RepositoryRequest<?> request) {
        return switch (request) {
            case ProductRows<?> q -> answer(q);
            case DeviceRows<?> q -> answer(q);
            case TagRows<?> q -> answer(q);
            case GroupRows<?> q -> answer(q);
            case SearchRows<?> q -> answer(q);
            case SpaceRows<?> q -> answer(q);
            case AccountRows<?> q -> answer(q);
            case SessionRows<?> q -> answer(q);
            case MessageRows<?> q -> answer(q);
            case OutboxRows<?> q -> answer(q);
            case RuleRows<?> q -> rules.answer(q);
            case PolicyRows<?> q -> rules.answer(q);
            case PushRows<?> q -> answer(q);
            case BacklogRows<?> q -> answer(q);
            case DeadLetterRows<?> q -> answer(q);
            case ShadowRows<?> q -> answer(q);
            case SubDeviceRows<?> q -> answer(q);
        };
    }

    private Answer<?> answer(ProductRows<?> request) {
        return switch (request) {
            case ProductRows.InsertProduct q -> Answer.to(q, products.insert(q.product(), q.maxPerProject()));
            case ProductRows.SelectProducts q -> Answer.to(q, products.select(q.project(), q.id()));
            case ProductRows.UpdateProductRow q -> Answer.to(q, products.update(q.product()));
            case ProductRows.DeleteProductRow q -> Answer.to(q, products.delete(q.recordId(), q.id()));
            case ProductRows.ListProducts q -> Answer.to(q, products.list(q));
        };
    }

    private Answer<?> answer(DeviceRows<?> request) {
        return switch (request) {
            case DeviceRows.InsertDevice q -> Answer.to(q, devices.insert(q.device(), q.shadow()));
            case DeviceRows.SelectDevice q -> Answer.to(q, deviceReads.select(q.id()));
            case DeviceRows.SelectDeviceView q -> Answer.to(q, deviceReads.view(q.id()));
            case DeviceRows.UpdateDeviceRow q -> Answer.to(q, devices.update(q.device()));
            case DeviceRows.DeleteDeviceRow q -> Answer.to(q, devices.delete(q.id()));
            case DeviceRows.CountChildren q -> Answer.to(q, deviceReads.countChildren(q.gateway()));
            case DeviceRows.DeleteUnused q -> Answer.to(q, devices.deleteUnused(q.now(), q.limit()));
            case DeviceRows.ListDevices q -> Answer.to(q, deviceReads.list(q));
        };
    }

    private Answer<?> answer(TagRows<?> request) {
        return switch (request) {
            case TagRows.InsertTags q -> Answer.to(q, tags.insert(q));
            case TagRows.DeleteTags q -> Answer.to(q, tags.delete(q));
            case TagRows.ListTagged q -> Answer.to(q, tags.list(q));
        };
    }

    private Answer<?> answer(GroupRows<?> request) {
        return switch (request) {
            case GroupRows.InsertGroup q -> Answer.to(q, groups.insert(q));
            case GroupRows.SelectGroup q -> Answer.to(q, groups.select(q.project(), q.id()));
            case GroupRows.UpdateGroupRow q -> Answer.to(q, groups.update(q));
            case GroupRows.DeleteGroupRow q -> Answer.to(q, groups.delete(q.project(), q.id()));
            case GroupRows.ListGroups q -> Answer.to(q, groups.list(q));
            case GroupRows.SelectDynamicGroups q -> Answer.to(q, groups.selectDynamic(q.project()));
            case GroupRows.InsertMember q -> Answer.to(q, members.insert(q));
            case GroupRows.DeleteMember q -> Answer.to(q, members.delete(q));
            case GroupRows.ListMembers q -> Answer.to(q, members.list(q));
            case GroupRows.SelectGroupsOf q -> Answer.to(q, groups.of(q.project(), q.device()));
        };
    }

    private Answer<?> answer(SearchRows<?> request) {
        return switch (request) {
            case SearchRows.FindDevices q -> Answer.to(q, searches.find(q));
            case SearchRows.CountDevices q -> Answer.to(q, searches.count(q));
        };
    }

    private Answer<?> answer(SpaceRows<?> request) {
        return switch (request) {
            case SpaceRows.InsertSpace q -> Answer.to(q, spaces.insert(q.space(), q.maxPerProject()));
            case SpaceRows.ListSpaces q -> Answer.to(q, spaces.list(q.project(), q.isDefault()));
            case SpaceRows.UpdateSpaceName q -> Answer.to(q, spaces.rename(q.project(), q.id(), q.name()));
            case SpaceRows.DeleteSpaceRow q -> Answer.to(q, spaces.delete(q.project(), q.id()));
        };
    }

    private Answer<?> answer(AccountRows<?> request) {
        return switch (request) {
            case AccountRows.InsertProject q -> Answer.to(q, projects.insert(q.project(), q.defaultSpace()));
            case AccountRows.SelectProject q -> Answer.to(q, projects.select(q.idOrName()));
            case AccountRows.SelectProjects q -> Answer.to(q, projects.selectAll());
            case AccountRows.DeleteProjectRow q -> Answer.to(q, projects.delete(q.id()));
            case AccountRows.InsertUser q -> Answer.to(q, users.insert(q.user()));
            case AccountRows.SelectUser q -> Answer.to(q, users.select(q.domain(), q.name()));
            case AccountRows.SelectUsers q -> Answer.to(q, users.selectAll());
            case AccountRows.UpdatePassword q ->
                Answer.to(q, users.updatePassword(q.domain(), q.name(), q.passwordHash()));
            case AccountRows.InsertGrant q -> Answer.to(q, users.grant(q.domain(), q.name(), q.project()));
            case AccountRows.DeleteGrant q -> Answer.to(q, users.revoke(q.domain(), q.name(), q.project()));
            case AccountRows.DeleteUserRow q -> Answer.to(q, users.delete(q.domain(), q.name()));
            case AccountRows.InsertKey q -> Answer.to(q, keys.insert(q.key()));
            case AccountRows.SelectKey q -> Answer.to(q, keys.select(q.id()));
            case AccountRows.SelectKeys q -> Answer.to(q, keys.selectAll(q.project()));
            case AccountRows.DeleteKeyRow q -> Answer.to(q, keys.delete(q.id()));
        };
    }

    private Answer<?> answer(ShadowRows<?> request) {
        return switch (request) {
            case ShadowRows.MergeReported q -> Answer.to(q, shadows.merge(q));
            case ShadowRows.ChangeDesired q -> Answer.to(q, shadows.change(q));
            case ShadowRows.DeleteShadowRows q -> Answer.to(q, shadows.delete(q.device(), q.serviceId()));
            case ShadowRows.SelectShadow q -> Answer.to(q, shadows.select(q.device()));
            case ShadowRows.SelectDifferences q -> Answer.to(q, shadows.differences(q));
        };
    }

    private Answer<?> answer(MessageRows<?> request) {
        return switch (request) {
            case MessageRows.InsertMessage q -> Answer.to(q, messages.insert(q));
            case MessageRows.SelectMessages q -> Answer.to(q, messages.list(q.connection(), q.device(), q.limit()));
            case MessageRows.SelectMessage q -> Answer.to(q, messages.select(q.key()));
            case MessageRows.DeleteMessageRow q -> Answer.to(q, messages.delete(q.key()));
            case MessageRows.SelectWaiting q -> Answer.to(q, messages.selectWaiting(q));
            case MessageRows.SettleMessage q -> Answer.to(q, messages.settle(q));
            case MessageRows.ExpireMessages q -> Answer.to(q, messages.expire(q.limit()));
            case MessageRows.SelectListeners q -> Answer.to(q, sessions.listeners(q));
        };
    }

    private Answer<?> answer(OutboxRows<?> request) {
        return switch (request) {
            case OutboxRows.OfferEvent q -> Answer.to(q, outbox.offer(q));
            case OutboxRows.SelectInterests q -> Answer.to(q, outbox.interests(q.project()));
        };
    }

    private Answer<?> answer(PushRows<?> request) {
        return switch (request) {
            case PushRows.SelectOutlets q -> Answer.to(q, outlets.select());
            case PushRows.NoteOutlets q -> Answer.to(q, outlets.note(q));
            case PushRows.SelectStatuses q -> Answer.to(q, outlets.status(q.outlets()));
            case PushRows.SelectStatus q -> Answer.to(q, outlets.status(q.outlet()));
            case PushRows.ShareLanes q -> Answer.to(q, lanes.share(q));
            case PushRows.ClaimLanes q -> Answer.to(q, lanes.claim(q));
            case PushRows.ReleaseLanes q -> Answer.to(q, lanes.release(q));
            case PushRows.LeavePushers q -> Answer.to(q, lanes.leave(q));
            case PushRows.LookForEvents q -> Answer.to(q, events.last());
            case PushRows.SelectEvents q -> Answer.to(q, events.select(q.lanes()));
            case PushRows.SelectEventsById q -> Answer.to(q, events.selectById(q.events()));
            case PushRows.SelectIds q -> Answer.to(q, events.ids(q));
            case PushRows.DeleteEvents q -> Answer.to(q, events.delete(q.events()));
        };
    }

    private Answer<?> answer(BacklogRows<?> request) {
        return switch (request) {
            case BacklogRows.SelectBacklogs q -> Answer.to(q, backlogs.select());
            case BacklogRows.ClaimSweeps q -> Answer.to(q, backlogs.claim(q));
            case BacklogRows.MeasureBacklog q -> Answer.to(q, backlogs.measure(q.outlet()));
            case BacklogRows.DropOldest q -> Answer.to(q, backlogs.drop(q));
            case BacklogRows.CollectOrphans q -> Answer.to(q, backlogs.collectOrphans(q.limit()));
        };
    }

    private Answer<?> answer(DeadLetterRows<?> request) {
        return switch (request) {
            case DeadLetterRows.BuryEvents q -> Answer.to(q, deadLetters.bury(q));
            case DeadLetterRows.ListDeadLetters q -> Answer.to(q, deadLetters.list(q));
            case DeadLetterRows.ReplayDeadLetters q -> Answer.to(q, deadLetters.replay(q));
            case DeadLetterRows.DeleteDeadLetters q -> Answer.to(q, deadLetters.delete(q));
        };
    }

    private Answer<?> answer(SubDeviceRows<?> request) {
        return switch (request) {
            case SubDeviceRows.UpsertVersions q -> Answer.to(q, reports.report(q));
            case SubDeviceRows.UpsertChildStatus q -> Answer.to(q, reports.report(q));
            case SubDeviceRows.SelectChanges q -> Answer.to(q, lists.select(q));
            case SubDeviceRows.MoveDevice q -> Answer.to(q, moves.move(q));
            case SubDeviceRows.CollectStragglers q -> Answer.to(q, moves.collect(q.limit()));
        };
    }

    private Answer<?> answer(SessionRows<?> request) {
        return switch (request) {
            case SessionRows.OpenSession q -> Answer.to(q, sessions.open(q));
            case SessionRows.CloseSession q -> Answer.to(q, sessions.close(q));
            case SessionRows.SaveSubscriptions q -> Answer.to(q, sessions.save(q));
            case SessionRows.SelectPresence q -> Answer.to(q, sessions.select(q.device()));
            case SessionRows.Beat q -> Answer.to(q, nodes.beat(q.node(), q.name()));
            case SessionRows.ReapNodes q -> Answer.to(q, nodes.reap(q.self(), q.name(), q.silence()));
            case SessionRows.EndOrphans q -> Answer.to(q, nodes.endOrphans());
            case SessionRows.ReapNode q -> Answer.to(q, nodes.reap(q.node(), q.silence()));
            case SessionRows.ForgetNode q -> Answer.to(q, nodes.forget(q.node()));
            case SessionRows.TellAbsent q -> Answer.to(q, ends.tell(q.limit()));
        };
    }
}
