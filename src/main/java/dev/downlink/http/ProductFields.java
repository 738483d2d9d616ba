// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.model.DataType;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Para;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.ProductRequest.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a product and its model (northbound §1.1); every complaint names the field with its path. */
final class ProductFields {
    /** Largest service_capabilities, in bytes of JSON. */
    static final int MAX_SERVICES_SIZE = 500 * 1024;

    private ProductFields() {}

    /** For a new product: what is mandatory must be there. */
    static Draft create(Fields fields) {
        for (String name : List.of("name", "device_type", "protocol_type", "data_format", "service_capabilities")) {
            if (!fields.has(name)) {
                throw new InvalidField(name, "is mandatory");
            }
        }
        return update(fields);
    }

    /** For a product that exists: any of the fields. */
    static Draft update(Fields fields) {
        if (fields.size("service_capabilities") > MAX_SERVICES_SIZE) {
            throw new InvalidField("service_capabilities", "must not be larger than 500 KB");
        }
        Draft draft = new Draft(
                fields.text("name"),
                fields.text("device_type"),
                fields.text("protocol_type"),
                fields.text("data_format"),
                fields.text("manufacturer_name"),
                fields.text("industry"),
                fields.text("description"),
                fields.has("service_capabilities")
                        ? each(fields.objects("service_capabilities"), ProductFields::service)
                        : null);
        check(draft);
        return draft;
    }

    /** Tries the fields on a product that is right in all others, because the rules live there. */
    private static void check(Draft draft) {
        var _ = new Product(
                RecordId.LAST,
                new ProjectId("any"),
                new SpaceId("any"),
                new ProductId("any"),
                or(draft.name(), "any"),
                or(draft.deviceType(), "any"),
                or(draft.protocolType(), "MQTT"),
                or(draft.dataFormat(), "json"),
                draft.manufacturerName(),
                draft.industry(),
                draft.description(),
                draft.services() == null ? List.of() : draft.services(),
                List.of(),
                null,
                Instant.EPOCH,
                1);
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static ServiceModel service(Fields fields) {
        return fields.inside(() -> new ServiceModel(
                fields.mandatoryText("service_id"),
                fields.mandatoryText("service_type"),
                each(fields.objects("properties"), ProductFields::property),
                each(fields.objects("commands"), ProductFields::command),
                each(fields.objects("events"), ProductFields::event),
                fields.text("description"),
                fields.text("option")));
    }

    private static ServiceModel.Property property(Fields fields) {
        return fields.inside(() -> new ServiceModel.Property(
                para(fields, "property_name"), fields.mandatoryText("method"), fields.json("default_value")));
    }

    private static ServiceModel.Command command(Fields fields) {
        return fields.inside(() -> new ServiceModel.Command(
                fields.mandatoryText("command_name"),
                paras(fields),
                each(fields.objects("responses"), ProductFields::response)));
    }

    private static ServiceModel.Response response(Fields fields) {
        return fields.inside(() -> new ServiceModel.Response(fields.mandatoryText("response_name"), paras(fields)));
    }

    private static ServiceModel.Event event(Fields fields) {
        return fields.inside(() -> new ServiceModel.Event(fields.mandatoryText("event_type"), paras(fields)));
    }

    private static List<Para> paras(Fields fields) {
        return each(fields.objects("paras"), para -> para(para, "para_name"));
    }

    private static Para para(Fields fields, String nameField) {
        return fields.inside(() -> new Para(
                fields.mandatoryText(nameField),
                fields.mandatory("data_type", ProductFields::dataType),
                fields.bool("required", false),
                fields.texts("enum_list"),
                fields.text("min"),
                fields.text("max"),
                fields.integer("max_length"),
                fields.number("step"),
                fields.text("unit"),
                fields.text("description")));
    }

    private static DataType dataType(String spelling) {
        return DataType.of(spelling)
                .orElseThrow(() -> new InvalidField(
                        "data_type",
                        "must be one of int, long, decimal, string, DateTime, jsonObject, enum, boolean, string list"));
    }

    private static <T> List<T> each(List<Fields> items, Function<Fields, T> read) {
        List<T> all = new ArrayList<>(items.size());
        for (Fields item : items) {
            all.add(read.apply(item));
        }
        return all;
    }
}
