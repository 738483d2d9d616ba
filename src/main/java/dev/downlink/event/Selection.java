// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a query selects.
 *
 * @param whole whether {@code *} is among it, all members of the event
 */
record Selection(boolean whole, List<Item> items) {
    Selection {
        items = List.copyOf(items);
    }

    /** @param name of the member that has the value */
    record Item(String name, Expression value) {}

    boolean isAll() {
        return whole && items.isEmpty();
    }

    /** What an event does not have is null, so that receivers always find the same members. */
    ObjectNode of(JsonNode event) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        if (whole && event instanceof ObjectNode members) {
            all.setAll(members);
        }
        items.forEach(item -> all.set(item.name(), item.value().of(event)));
        return all;
    }
}
