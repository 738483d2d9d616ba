// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.StoredEvent;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Events that never happened, to try a rule with: one of each kind, complete, of a time that shows it. */
public final class Specimen {
    private static final Instant HAPPENED = Instant.parse("2015-12-12T12:12:12.121Z");
    private static final DeviceId DEVICE = new DeviceId("sample_device");

    private static final Json HEADER = new Json("""
        {"app_id":"sample_app","device_id":"sample_device","node_id":"sample_node","product_id":"sample_product",\
        "gateway_id":"sample_device","tags":[{"tag_key":"sample_key","tag_value":"sample_value"}]}\
        """);

    private static final Json PRODUCT_HEADER = new Json("""
        {"app_id":"sample_app","product_id":"sample_product"}\
        """);

    private static final String DEVICE_BODY = """
        {"app_id":"sample_app","app_name":"sample","device_id":"sample_device","node_id":"sample_node",\
        "gateway_id":"sample_device","device_name":"sample","node_type":"GATEWAY","description":"a sample",\
        "auth_info":{"auth_type":"SECRET","secure_access":true,"timeout":0},"product_id":"sample_product",\
        "product_name":"sample","status":"INACTIVE","create_time":"20151212T121212Z",\
        "tags":[{"tag_key":"sample_key","tag_value":"sample_value"}]}\
        """;

    private static final String PRODUCT_BODY = """
        {"app_id":"sample_app","app_name":"sample","product_id":"sample_product","name":"sample",\
        "device_type":"sample","protocol_type":"MQTT","data_format":"json","manufacturer_name":"sample",\
        "industry":"sample","description":"a sample","create_time":"20151212T121212Z","service_capabilities":[]}\
        """;

    private Specimen() {}

    /** Each has an id of its own, so that a receiver that drops what it has had takes every one. */
    public static StoredEvent of(Subject subject, ProjectId project) {
        return new StoredEvent(
                ThreadLocalRandom.current().nextLong(Long.MAX_VALUE),
                0,
                0,
                project,
                device(subject),
                subject,
                HAPPENED,
                header(subject),
                new Json(body(subject)));
    }

    private static @Nullable DeviceId device(Subject subject) {
        return HEADER.equals(header(subject)) ? DEVICE : null;
    }

    private static @Nullable Json header(Subject subject) {
        return switch (subject) {
            case DEVICE_PROPERTY,
                    DEVICE_MESSAGE,
                    DEVICE_EVENT,
                    DEVICE_STATUS,
                    MESSAGE_STATUS,
                    COMMAND_STATUS,
                    DEVICE_CREATED,
                    DEVICE_UPDATED,
                    DEVICE_DELETED -> HEADER;
            case BATCH_TASK -> null;
            case PRODUCT_CREATED, PRODUCT_UPDATED, PRODUCT_DELETED -> PRODUCT_HEADER;
        };
    }

    private static String body(Subject subject) {
        return switch (subject) {
            case DEVICE_PROPERTY -> """
                {"services":[{"service_id":"sample","properties":{"temperature":21.5},"event_time":"20151212T121212Z"}]}\
                """;
            case DEVICE_MESSAGE -> """
                {"topic":"$oc/devices/sample_device/sys/messages/up","content":{"temperature":40}}\
                """;
            case DEVICE_EVENT -> """
                {"services":[{"service_id":"sample","event_type":"sample","event_time":"20151212T121212Z",\
                "event_id":"40cc9ab1-3579-488c-95c6-c18941c99eb4","paras":{"temperature":21.5}}]}\
                """;
            case DEVICE_STATUS -> """
                {"status":"ONLINE","last_online_time":"2015-12-12T12:12:12.121Z",\
                "status_update_time":"2015-12-12T12:12:12.121Z"}\
                """;
            case MESSAGE_STATUS -> """
                {"message_id":"99b32da9-cd17-4cdf-a286-f6e849cbc364","name":"sample",\
                "topic":"$oc/devices/sample_device/sys/messages/down","status":"DELIVERED","timestamp":"20151212T121212Z"}\
                """;
            case COMMAND_STATUS -> """
                {"command_id":"9745b96d-bf5b-4c5f-8d5e-3f2c5a7f1f0e","created_time":"20151212T121212Z",\
                "sent_time":"20151212T121212Z","delivered_time":"20151212T121212Z","response_time":"20151212T121212Z",\
                "status":"SUCCESSFUL","result":{"result_code":0,"paras":{"value":"ON"}}}\
                """;
            case BATCH_TASK -> """
                {"app_id":"sample_app","task_id":"sample_task","task_type":"createCommands","status":"Success",\
                "status_desc":"a sample"}\
                """;
            case DEVICE_CREATED, DEVICE_UPDATED -> DEVICE_BODY;
            case DEVICE_DELETED -> "{}";
            case PRODUCT_CREATED, PRODUCT_UPDATED -> PRODUCT_BODY;
            case PRODUCT_DELETED -> """
                {"app_id":"sample_app","product_id":"sample_product","name":"sample"}\
                """;
        };
    }
}
