// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.DeadLetterRows.DeadLetter;
import dev.downlink.protocol.DeadLetterRows.DeleteDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ListDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ReplayDeadLetters;
import io.vertx.core.Future;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Events of an action that could not be sent. An addition of ours (northbound §6.7). */
final class DeadLetterRoutes {
    private static final int MAX_IDS = 1000;
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    private final Bus bus;

    DeadLetterRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = ActionRoutes.ONE + "/dead-letters";
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("DELETE", all, new Route(Access.PROJECT, maxBody, this::delete));
        routes.add("POST", all + "/replay", new Route(Access.PROJECT, maxBody, this::replay));
    }

    private Future<Reply> list(Call call) {
        return bus.ask(new ListDeadLetters(call.project(), ActionRoutes.id(call), Paging.of(call)))
                .map(found -> Reply.json(
                        200,
                        Paging.listed(
                                "dead_letters",
                                found.letters(),
                                found.count(),
                                DeadLetterRoutes::shape,
                                DeadLetter::recordId)));
    }

    private Future<Reply> replay(Call call) {
        Fields fields = call.optionalFields();
        List<Long> ids = fields.has("ids") ? ids(fields.texts("ids")) : null;
        return bus.ask(new ReplayDeadLetters(call.project(), ActionRoutes.id(call), ids))
                .map(done -> Reply.json(200, count(done.count())));
    }

    private Future<Reply> delete(Call call) {
        String text = call.parameter("ids");
        @Nullable List<Long> ids = text == null ? null : ids(List.of(text.split(",", -1)));
        return bus.ask(new DeleteDeadLetters(call.project(), ActionRoutes.id(call), ids))
                .map(done -> Reply.json(200, count(done.count())));
    }

    private static List<Long> ids(List<String> texts) {
        if (texts.isEmpty() || texts.size() > MAX_IDS) {
            throw new InvalidField("ids", "must have 1 to " + MAX_IDS + " entries");
        }
        return texts.stream().map(DeadLetterRoutes::id).toList();
    }

    private static Long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new InvalidField("ids", "must hold ids of dead letters, which have up to 18 digits");
        }
        return Long.valueOf(text);
    }

    private static ObjectNode count(int count) {
        return new Members().put("count", count).node();
    }

    private static ObjectNode shape(DeadLetter letter) {
        DeviceId device = letter.device();
        return new Members()
                .put("id", String.valueOf(letter.id()))
                .put("resource", letter.subject().resource())
                .put("event", letter.subject().event())
                .put("device_id", device == null ? null : device.value())
                .put("event_time", Timestamps.compact(letter.happened()))
                .put("dead_time", Timestamps.compact(letter.died()))
                .put("error", letter.error())
                .put("body", letter.body())
                .node();
    }
}
