// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Json;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.Text;
import dev.downlink.protocol.PushRows.StoredEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which events a rule asks for and what of them, in the language of the cloud's rules (northbound §6.4), over the documented
 * form of an event. Reading and working it out takes a bounded time whatever it says; it keeps nothing of an event.
 */
public final class Query {
    private static final Query ALL = new Query(null, null);

    private final @Nullable Selection selection;
    private final @Nullable Expression condition;

    private Query(@Nullable Selection selection, @Nullable Expression condition) {
        this.selection = selection;
        this.condition = condition;
    }

    /**
     * What is sent of an event.
     *
     * @param json null: all of it
     */
    public record Selected(@Nullable Json json) {
        public static final Selected ALL = new Selected(null);
    }

    /**
     * @param select null or blank: everything
     * @param where null or blank: always
     * @throws InvalidField for {@code select} or {@code where}, with the place and what would be understood there
     */
    public static Query parse(@Nullable String select, @Nullable String where) {
        Selection selection = isBlank(select) ? null : parser("select", select).selection();
        Expression condition = isBlank(where) ? null : parser("where", where).condition();
        boolean selectsAll = selection == null || selection.isAll();
        return selectsAll && condition == null ? ALL : new Query(selectsAll ? null : selection, condition);
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static QueryParser parser(String field, @Nullable String text) {
        return new QueryParser(field, Text.upTo(field, Text.present(field, text), RoutingRule.MAX_QUERY));
    }

    /** Whether every event is asked for, and all of it: then there is no need to ask. */
    public boolean isAll() {
        return selection == null && condition == null;
    }

    /** What is sent of an event; empty: it is not asked for. */
    public Optional<Selected> of(StoredEvent event) {
        if (isAll()) {
            return Optional.of(Selected.ALL);
        }
        JsonNode tree = EventJson.read(Envelope.of(event));
        if (condition != null && !Boolean.TRUE.equals(Scalars.truth(condition.of(tree)))) {
            return Optional.empty();
        }
        return Optional.of(
                selection == null ? Selected.ALL : new Selected(new Json(EventJson.write(selection.of(tree)))));
    }
}
