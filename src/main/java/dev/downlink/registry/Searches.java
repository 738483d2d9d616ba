// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceFilter;
import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceSearch;
import dev.downlink.model.RecordId;
import dev.downlink.model.SearchField;
import dev.downlink.protocol.DeviceRequest.Found;
import dev.downlink.protocol.DeviceRequest.SearchDevices;
import dev.downlink.protocol.GroupRows;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.SearchRows.CountDevices;
import dev.downlink.protocol.SearchRows.DynamicGroup;
import dev.downlink.protocol.SearchRows.FindDevices;
import dev.downlink.protocol.SearchRows.Wanted;
import io.vertx.core.Future;
import java.util.List;

/** Searches for devices (northbound §1.5). */
final class Searches {
    private final Bus bus;

    Searches(Bus bus) {
        this.bus = bus;
    }

    Future<Found> search(SearchDevices q) {
        return wanted(q).compose(wanted -> search(q, wanted));
    }

    private Future<Found> search(SearchDevices q, Wanted wanted) {
        DeviceSearch search = q.search();
        if (search.count()) {
            return bus.ask(new CountDevices(q.project(), wanted)).map(count -> new Found(List.of(), count.count()));
        }
        Page page = new Page(search.limit(), RecordId.LAST, search.offset());
        return bus.ask(new FindDevices(q.project(), wanted, search.oldestFirst(), page))
                .map(found -> new Found(found.devices(), null));
    }

    /** What dynamic groups hold is written nowhere: their rules become part of the search. */
    private Future<Wanted> wanted(SearchDevices q) {
        DeviceFilter filter = q.search().filter();
        List<String> named = filter.valuesOf(SearchField.GROUP_ID);
        if (named.isEmpty()) {
            return Future.succeededFuture(new Wanted(filter, null, null, List.of()));
        }
        return bus.ask(new GroupRows.SelectDynamicGroups(q.project()))
                .map(found -> found.groups().stream()
                        .filter(group -> named.contains(group.id().value()))
                        .map(Searches::dynamic)
                        .toList())
                .map(groups -> new Wanted(filter, null, null, groups));
    }

    private static DynamicGroup dynamic(DeviceGroup group) {
        return new DynamicGroup(group.id(), group.space(), DeviceFilter.parse(String.valueOf(group.rule())));
    }
}
