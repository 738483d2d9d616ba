// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import static dev.downlink.event.Scalars.NULL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.errorprone.annotations.Immutable;
import dev.downlink.event.Expression.ValueType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The functions that queries have (northbound §6.4). */
enum Functions {
    GET_TAG(1, 1, ValueType.TEXT, (event, args) -> tag(event, args.getFirst())),
    CONTAINS_TAG(
            1,
            1,
            ValueType.TRUTH,
            (event, args) -> Scalars.truth(!tag(event, args.getFirst()).isMissingNode())),
    GET_SERVICE(
            1,
            2,
            ValueType.ANY,
            (event, args) -> services(event, args).findFirst().orElse(NULL)),
    GET_SERVICES(1, 2, ValueType.ANY, (event, args) -> array(services(event, args))),
    CONTAINS_SERVICES(
            1,
            2,
            ValueType.TRUTH,
            (event, args) -> Scalars.truth(services(event, args).findAny().isPresent())),
    GET_SERVICE_PROPERTIES(1, 1, ValueType.ANY, Functions::properties),
    GET_SERVICE_PROPERTY(
            2,
            2,
            ValueType.ANY,
            (event, args) -> properties(event, args).path(args.get(1).asText())),
    STARTS_WITH(2, 2, ValueType.TRUTH, (_, args) -> tested(args, String::startsWith)),
    ENDS_WITH(2, 2, ValueType.TRUTH, (_, args) -> tested(args, String::endsWith)),
    CONCAT(2, 2, ValueType.TEXT, (_, args) -> Operators.concatenated(args.getFirst(), args.getLast())),
    REPLACE(3, 3, ValueType.TEXT, (_, args) -> replaced(args)),
    SUBSTRING(2, 3, ValueType.TEXT, (_, args) -> part(args)),
    LOWER(1, 1, ValueType.TEXT, (_, args) -> changed(args, text -> text.toLowerCase(Locale.ROOT))),
    UPPER(1, 1, ValueType.TEXT, (_, args) -> changed(args, text -> text.toUpperCase(Locale.ROOT)));

    private final int least;
    private final int most;
    private final ValueType type;
    private final Body body;

    Functions(int least, int most, ValueType type, Body body) {
        this.least = least;
        this.most = most;
        this.type = type;
        this.body = body;
    }

    @Immutable
    private interface Body {
        /** What is missing counts as NULL. */
        JsonNode of(JsonNode event, List<JsonNode> args);
    }

    /** @param name in any case */
    static Optional<Functions> named(String name) {
        return Stream.of(values())
                .filter(one -> one.name().equalsIgnoreCase(name))
                .findFirst();
    }

    boolean takes(int count) {
        return count >= least && count <= most;
    }

    /** How many arguments, for a complaint. */
    String wanted() {
        String many = least == most ? "" + most : least + " or " + most;
        return name() + " takes " + many + (most == 1 ? " argument" : " arguments");
    }

    Expression call(List<Expression> args) {
        List<Expression> all = List.copyOf(args);
        return new Expression(
                type,
                event -> Scalars.present(
                        body.of(event, all.stream().map(arg -> arg.of(event)).toList())));
    }

    private static JsonNode tag(JsonNode event, JsonNode key) {
        JsonNode data = event.path("notify_data");
        JsonNode tags = data.has("header")
                ? data.path("header").path("tags")
                : data.path("body").path("tags");
        return elements(tags)
                .filter(tag -> tag.path("tag_key").equals(key))
                .findFirst()
                .map(tag -> tag.has("tag_value") ? tag.path("tag_value") : NULL)
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    private static Stream<JsonNode> services(JsonNode event, List<JsonNode> args) {
        String wanted = Scalars.text(args.getFirst());
        boolean fuzzy = args.size() > 1 && Boolean.TRUE.equals(Scalars.truth(args.get(1)));
        return elements(event.path("notify_data").path("body").path("services")).filter(service -> {
            String id = service.path("service_id").textValue();
            return id != null && wanted != null && (fuzzy ? id.contains(wanted) : id.equals(wanted));
        });
    }

    private static JsonNode properties(JsonNode event, List<JsonNode> args) {
        return services(event, args.subList(0, 1))
                .findFirst()
                .map(service -> service.path("properties"))
                .orElse(NULL);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode array(Stream<JsonNode> elements) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        elements.forEach(array::add);
        return array;
    }

    private static JsonNode tested(List<JsonNode> args, BiPredicate<String, String> test) {
        String text = Scalars.text(args.getFirst());
        String other = Scalars.text(args.getLast());
        return text == null || other == null ? NULL : Scalars.truth(test.test(text, other));
    }

    private static JsonNode changed(List<JsonNode> args, UnaryOperator<String> change) {
        String text = Scalars.text(args.getFirst());
        return text == null ? NULL : Scalars.text(change.apply(text));
    }

    private static JsonNode replaced(List<JsonNode> args) {
        String text = Scalars.text(args.getFirst());
        String target = Scalars.text(args.get(1));
        String replacement = Scalars.text(args.get(2));
        return text == null || target == null || replacement == null || target.isEmpty()
                ? NULL
                : Scalars.text(text.replace(target, replacement));
    }

    /** From the first index to before the second, both from 0; what is behind the end is left out. */
    private static JsonNode part(List<JsonNode> args) {
        String text = Scalars.text(args.getFirst());
        Number from = Scalars.number(args.get(1));
        Number to = args.size() > 2 ? Scalars.number(args.get(2)) : (Number) Long.valueOf(Long.MAX_VALUE);
        if (text == null || from == null || to == null || from.longValue() < 0) {
            return NULL;
        }
        int end = (int) Math.min(to.longValue(), text.length());
        return from.longValue() > end ? Scalars.text("") : Scalars.text(text.substring(from.intValue(), end));
    }
}
