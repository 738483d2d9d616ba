// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.Para;
import dev.downlink.model.Product;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.ProductRequest.ProductView;

/** How a product looks in answers (northbound §1.1). */
final class ProductShape {
    private ProductShape() {}

    static ObjectNode full(ProductView view) {
        return members(view)
                .list("service_capabilities", view.product().services(), ProductShape::service)
                .node();
    }

    /** As in lists: without the model. */
    static ObjectNode summary(ProductView view) {
        return members(view).node();
    }

    private static Members members(ProductView view) {
        Product product = view.product();
        return new Members()
                .put("app_id", product.space().value())
                .put("app_name", view.spaceName())
                .put("product_id", product.id().value())
                .put("name", product.name())
                .put("device_type", product.deviceType())
                .put("protocol_type", product.protocolType())
                .put("data_format", product.dataFormat())
                .put("manufacturer_name", product.manufacturerName())
                .put("industry", product.industry())
                .put("description", product.description())
                .put("create_time", Timestamps.compact(product.created()));
    }

    private static ObjectNode service(ServiceModel service) {
        return new Members()
                .put("service_id", service.serviceId())
                .put("service_type", service.serviceType())
                .list("properties", service.properties(), ProductShape::property)
                .list("commands", service.commands(), ProductShape::command)
                .list("events", service.events(), ProductShape::event)
                .put("description", service.description())
                .put("option", service.option())
                .node();
    }

    private static ObjectNode property(ServiceModel.Property property) {
        return value("property_name", property.value())
                .put("method", property.method())
                .put("default_value", property.defaultValue())
                .node();
    }

    private static ObjectNode command(ServiceModel.Command command) {
        return new Members()
                .put("command_name", command.name())
                .list("paras", command.paras(), ProductShape::para)
                .list("responses", command.responses(), ProductShape::response)
                .node();
    }

    private static ObjectNode response(ServiceModel.Response response) {
        return new Members()
                .put("response_name", response.name())
                .list("paras", response.paras(), ProductShape::para)
                .node();
    }

    private static ObjectNode event(ServiceModel.Event event) {
        return new Members()
                .put("event_type", event.type())
                .list("paras", event.paras(), ProductShape::para)
                .node();
    }

    private static ObjectNode para(Para para) {
        return value("para_name", para).node();
    }

    private static Members value(String nameField, Para para) {
        Members members = new Members()
                .put(nameField, para.name())
                .put("data_type", para.type().spelling())
                .put("required", para.required());
        if (!para.enumList().isEmpty()) {
            members.texts("enum_list", para.enumList());
        }
        return members.put("min", para.min())
                .put("max", para.max())
                .put("max_length", para.maxLength())
                .put("step", para.step())
                .put("unit", para.unit())
                .put("description", para.description());
    }
}
