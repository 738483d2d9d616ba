// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.InvalidField;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The query parameters limit, marker and offset, and the page object of an answer (northbound §0.2). */
final class Paging {
    private Paging() {}

    /** @throws Failed with {@link Failure.BadLimit}, {@link Failure.BadMarker} or {@link Failure.Invalid} */
    static Page of(Call call) {
        @Nullable String limit = call.parameter("limit");
        @Nullable String offset = call.parameter("offset");
        return new Page(
                limit == null ? Page.FIRST.limit() : limit(limit),
                marker(call.parameter("marker")),
                offset == null ? 0 : offset(offset));
    }

    /** The marker is the last record's id; a page without records has none. */
    static <T> ObjectNode page(List<T> records, long count, Function<T, RecordId> id) {
        @Nullable
        String marker = records.isEmpty() ? null : id.apply(records.getLast()).value();
        return new Members().put("count", count).put("marker", marker).node();
    }

    /** A list whose count and marker stand beside it, not in a page object. */
    static <T> ObjectNode listed(
            String name, List<T> records, long count, Function<T, ObjectNode> shape, Function<T, RecordId> id) {
        return new Members()
                .list(name, records, shape)
                .put("count", count)
                .put(
                        "marker",
                        records.isEmpty() ? null : id.apply(records.getLast()).value())
                .node();
    }

    private static int limit(String text) {
        int limit = number(text);
        if (limit < 1 || limit > Page.MAX_LIMIT) {
            throw new Failed(new Failure.BadLimit("must be from 1 to " + Page.MAX_LIMIT));
        }
        return limit;
    }

    private static int offset(String text) {
        int offset = number(text);
        if (offset < 0 || offset > Page.MAX_OFFSET) {
            throw new InvalidField("offset", "must be from 0 to " + Page.MAX_OFFSET);
        }
        return offset;
    }

    private static RecordId marker(@Nullable String text) {
        try {
            return text == null ? RecordId.LAST : new RecordId(text.toLowerCase(Locale.ROOT));
        } catch (InvalidField e) {
            throw new Failed(new Failure.BadMarker(e.why()));
        }
    }

    /** -1 for what is no number. */
    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
