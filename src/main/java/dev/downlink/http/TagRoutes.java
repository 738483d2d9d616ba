// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Tag;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.TagRequest.BindTags;
import dev.downlink.protocol.TagRequest.UnbindTags;
import dev.downlink.protocol.TagRows.ListTagged;
import dev.downlink.protocol.TagRows.Tagged;
import dev.downlink.protocol.TagRows.Wanted;
import io.vertx.core.Future;
import java.util.List;

/** Tags of devices, the only resources that have any (northbound §1.4). */
final class TagRoutes {
    private final Bus bus;

    TagRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String tags = "/v5/iot/{project_id}/tags/";
        routes.add("POST", tags + "bind-resource", new Route(Access.PROJECT, maxBody, this::bind));
        routes.add("POST", tags + "unbind-resource", new Route(Access.PROJECT, maxBody, this::unbind));
        routes.add("POST", tags + "query-resources", new Route(Access.PROJECT, maxBody, this::query));
    }

    private Future<Reply> bind(Call call) {
        Fields fields = resource(call);
        List<Tag> tags = fields.objects("tags").stream().map(TagRoutes::tag).toList();
        return bus.ask(new BindTags(call.project(), device(fields), tags)).map(_ -> Reply.OK);
    }

    private Future<Reply> unbind(Call call) {
        Fields fields = resource(call);
        List<String> keys = fields.texts("tag_keys");
        checkCount("tag_keys", keys);
        return bus.ask(new UnbindTags(call.project(), device(fields), keys)).map(_ -> Reply.OK);
    }

    private Future<Reply> query(Call call) {
        Page page = Paging.of(call);
        Fields fields = resource(call);
        List<Wanted> tags =
                fields.objects("tags").stream().map(TagRoutes::wanted).toList();
        checkCount("tags", tags);
        return bus.ask(new ListTagged(call.project(), tags, page))
                .map(found -> Reply.json(
                        200,
                        new Members()
                                .list("resources", found.devices(), TagRoutes::shape)
                                .put("page", Paging.page(found.devices(), found.count(), Tagged::recordId))
                                .node()));
    }

    private static void checkCount(String field, List<?> list) {
        if (list.isEmpty() || list.size() > Tag.MAX_PER_DEVICE) {
            throw new InvalidField(field, "must have 1 to " + Tag.MAX_PER_DEVICE + " entries");
        }
    }

    private static Fields resource(Call call) {
        Fields fields = call.fields();
        if (!fields.mandatoryText("resource_type").equals("device")) {
            throw new InvalidField("resource_type", "must be device");
        }
        return fields;
    }

    private static DeviceId device(Fields fields) {
        return fields.mandatory("resource_id", text -> DeviceFields.deviceId("resource_id", text));
    }

    private static Tag tag(Fields fields) {
        String value = fields.text("tag_value");
        return fields.mandatory("tag_key", key -> new Tag(key, value == null ? "" : value));
    }

    private static Wanted wanted(Fields fields) {
        String value = fields.text("tag_value");
        return new Wanted(tag(fields).key(), value);
    }

    private static ObjectNode shape(Tagged tagged) {
        return new Members().put("resource_id", tagged.device().value()).node();
    }
}
