// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Json;
import dev.downlink.model.Para;
import dev.downlink.model.ServiceModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A product's model as the API spells it (northbound §1.1), to be pushed: {@code service_capabilities}. Default values that no jsonb takes are left out. */
final class ModelBody {
    private static final Pattern UNFIT = Pattern.compile(Documents.UNFIT);

    private ModelBody() {}

    static String of(List<ServiceModel> services) {
        return Documents.write(all(services, ModelBody::service));
    }

    private static Map<String, Object> service(ServiceModel service) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("service_id", service.serviceId());
        all.put("service_type", service.serviceType());
        all.put("properties", all(service.properties(), ModelBody::property));
        all.put("commands", all(service.commands(), ModelBody::command));
        all.put("events", all(service.events(), ModelBody::event));
        put(all, "description", service.description());
        put(all, "option", service.option());
        return all;
    }

    private static Map<String, Object> property(ServiceModel.Property property) {
        Map<String, Object> all = value("property_name", property.value());
        all.put("method", property.method());
        Json usual = property.defaultValue();
        if (usual != null && !UNFIT.matcher(usual.text()).find()) {
            all.put("default_value", Documents.raw(usual));
        }
        return all;
    }

    private static Map<String, Object> command(ServiceModel.Command command) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("command_name", command.name());
        all.put("paras", all(command.paras(), ModelBody::para));
        all.put("responses", all(command.responses(), ModelBody::response));
        return all;
    }

    private static Map<String, Object> response(ServiceModel.Response response) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("response_name", response.name());
        all.put("paras", all(response.paras(), ModelBody::para));
        return all;
    }

    private static Map<String, Object> event(ServiceModel.Event event) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("event_type", event.type());
        all.put("paras", all(event.paras(), ModelBody::para));
        return all;
    }

    private static Map<String, Object> para(Para para) {
        return value("para_name", para);
    }

    private static Map<String, Object> value(String nameMember, Para para) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(nameMember, para.name());
        all.put("data_type", para.type().spelling());
        all.put("required", para.required());
        put(all, "enum_list", para.enumList().isEmpty() ? null : para.enumList());
        put(all, "min", para.min());
        put(all, "max", para.max());
        put(all, "max_length", para.maxLength());
        put(all, "step", para.step());
        put(all, "unit", para.unit());
        put(all, "description", para.description());
        return all;
    }

    private static void put(Map<String, Object> all, String name, @Nullable Object value) {
        if (value != null) {
            all.put(name, value);
        }
    }

    private static <T> List<Map<String, Object>> all(List<T> items, Function<T, Map<String, Object>> shape) {
        return items.stream().map(shape).toList();
    }
}
