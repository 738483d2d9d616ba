// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.downlink.model.Channel;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.Json;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.Subscription;
import dev.downlink.model.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that hold JSON: the model's records and lists of them, component by component. */
final class Documents {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Documents() {}

    static String write(MessageProperties properties) {
        return text(properties);
    }

    static MessageProperties messageProperties(String text) {
        return read(text, new TypeReference<>() {});
    }

    static String write(List<?> records) {
        return text(records);
    }

    /** @param object parsed JSON */
    static String write(Map<String, @Nullable Object> object) {
        return text(object);
    }

    /** Without its secret, which has a column of its own. */
    static String write(Channel channel) {
        return text(channel.withSecret(null));
    }

    static Channel channel(Channel.Kind kind, String text) {
        return switch (kind) {
            case HTTP_FORWARDING -> read(text, new TypeReference<Channel.Http>() {});
            case AMQP_FORWARDING -> read(text, new TypeReference<Channel.Amqp>() {});
            case DMS_KAFKA_FORWARDING, MRS_KAFKA_FORWARDING -> read(text, new TypeReference<Channel.Kafka>() {});
            case OBS_FORWARDING -> read(text, new TypeReference<Channel.Storage>() {});
        };
    }

    /**
     * In SQL's and Java's spelling: valid JSON that a column of type jsonb may not take all the same, for a NUL character, half
     * of a surrogate pair or a number beyond its range.
     */
    static final String UNFIT = "\\\\u(0000|[dD][89a-fA-F])|[0-9][eE][+-]?[0-9]{4}";

    /** To be written as it is. */
    static Object raw(Json json) {
        return new RawValue(json.text());
    }

    private static String text(Object records) {
        try {
            return JSON.writeValueAsString(records);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<ServiceModel> services(String text) {
        return read(text, new TypeReference<>() {});
    }

    static List<CustomTopic> topics(String text) {
        return read(text, new TypeReference<>() {});
    }

    static List<Tag> tags(String text) {
        return read(text, new TypeReference<>() {});
    }

    static List<Subscription> subscriptions(String text) {
        return read(text, new TypeReference<>() {});
    }

    private static <T> T read(String text, TypeReference<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
