// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import dev.downlink.model.AmqpQueue;
import dev.downlink.model.Channel;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.DataType;
import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.EventFormat;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.GroupId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.NodeName;
import dev.downlink.model.Para;
import dev.downlink.model.PolicyId;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.QueueId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RequestId;
import dev.downlink.model.Secret;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.SpaceId;
import dev.downlink.model.UserProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Records with a value in every component, made from their types; those with rules of their own are written out. */
public final class Samples {
    private static final Instant NOON = Instant.parse("2025-04-14T12:00:00.123456Z");

    private Samples() {}

    public static Product product() {
        return new Product(
                RecordId.LAST,
                new ProjectId("project"),
                new SpaceId("space"),
                new ProductId("WaterMeter"),
                "WaterMeter",
                "Meter",
                "MQTT",
                "json",
                "maker",
                "industry",
                "description",
                List.of(service()),
                List.of(new CustomTopic("down/now", CustomTopic.Operation.SUBSCRIBE, "description")),
                new MessageCache(50, MessageCache.Overflow.REFUSE),
                NOON,
                3);
    }

    /** A group cannot have both a rule and a group above it. */
    private static DeviceGroup group() {
        return new DeviceGroup(
                RecordId.LAST,
                new ProjectId("project"),
                new SpaceId("space"),
                new GroupId("group"),
                "name",
                "description",
                null,
                "status = 'ONLINE'",
                NOON);
    }

    public static Message message() {
        return new Message(
                new MessageId("m-1"),
                "greeting",
                new Json("{\"text\":\"水\"}"),
                Message.Encoding.NONE,
                Message.Format.STANDARD,
                "down/now",
                null,
                new MessageProperties("c-1", "answers/here", List.of(new UserProperty("key", "a value"))),
                60);
    }

    private static ServiceModel service() {
        return new ServiceModel(
                "WaterMeter",
                "Water",
                List.of(new ServiceModel.Property(para("level", DataType.DECIMAL), "RW", new Json("1.5"))),
                List.of(new ServiceModel.Command(
                        "ON_OFF",
                        List.of(para("value", DataType.STRING)),
                        List.of(new ServiceModel.Response("answer", List.of(para("result", DataType.STRING)))))),
                List.of(new ServiceModel.Event("leak", List.of(para("where", DataType.STRING)))),
                "description",
                "Master");
    }

    public static Para para(String name, DataType type) {
        return new Para(name, type, true, List.of("ON", "OFF"), "0", "100", 8, 0.5, "unit", "description");
    }

    /** Every value of JSON as the parser gives it. */
    public static Map<String, Object> jsonObject() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "水");
        object.put("int", 7);
        object.put("long", 7_000_000_000L);
        object.put("big", new BigInteger("70000000000000000000000"));
        object.put("decimal", new BigDecimal("1.10"));
        object.put("true", true);
        object.put("null", null);
        object.put("list", List.of(1, "two"));
        object.put("object", Map.of("a", 1));
        return Collections.unmodifiableMap(object);
    }

    public static Record of(Class<? extends Record> type) {
        if (type == Product.class) {
            return product();
        }
        if (type == ServiceModel.class) {
            return service();
        }
        if (type == Message.class) {
            return message();
        }
        if (type == DeviceGroup.class) {
            return group();
        }
        if (type == RecordId.class) {
            return RecordId.LAST;
        }
        return forwarding(type);
    }

    /** Those of the records of rules that have rules of their own. */
    private static Record forwarding(Class<? extends Record> type) {
        if (type == Channel.Http.class) {
            return http();
        }
        if (type == Channel.Kafka.class) {
            return kafka();
        }
        if (type == AmqpQueue.class) {
            return new AmqpQueue(
                    new QueueId("queue"), RecordId.LAST, new ProjectId("project"), "sample-queue", NOON, NOON);
        }
        if (type == FlowPolicy.class) {
            return new FlowPolicy(
                    new PolicyId("policy"),
                    RecordId.LAST,
                    new ProjectId("project"),
                    "name",
                    "description",
                    FlowPolicy.Scope.RULE,
                    "rule",
                    100,
                    NOON);
        }
        return build(type);
    }

    public static Channel.Http http() {
        return new Channel.Http(
                "https://app.example/events",
                "app.pem",
                "app.example",
                true,
                true,
                new Secret("token0123"),
                EventFormat.CLOUDEVENTS_BINARY);
    }

    public static Channel.Kafka kafka() {
        return new Channel.Kafka(
                Channel.Kind.DMS_KAFKA_FORWARDING,
                "region",
                "project",
                List.of(new Channel.NetAddress("kafka.example", 9093)),
                "events",
                "user",
                new Secret("password-0123"),
                "SCRAM-SHA-512",
                "SASL_SSL",
                EventFormat.FLAT_2021);
    }

    private static Record build(Class<? extends Record> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(c -> value(c.getName(), c.getGenericType()))
                .toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no sample of " + type, e);
        }
    }

    private static Object value(String name, Type type) {
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class -> List.of(value(name, list.getActualTypeArguments()[0]));
            case ParameterizedType set
            when set.getRawType() == Set.class -> Set.of(value(name, set.getActualTypeArguments()[0]));
            case ParameterizedType map when map.getRawType() == Map.class -> jsonObject();
            case Class<?> plain -> value(name, plain);
            default -> throw new AssertionError("no sample of " + type);
        };
    }

    private static Object value(String name, Class<?> type) {
        if (type == String.class) {
            return text(name);
        } else if (type == int.class || type == Integer.class) {
            return 42;
        } else if (type == long.class || type == Long.class) {
            return 42_000_000_000L;
        } else if (type == boolean.class || type == Boolean.class) {
            return true;
        } else if (type == Double.class) {
            return 0.5;
        } else if (type == Duration.class) {
            return Duration.ofMillis(1500);
        } else if (type == Instant.class) {
            return NOON;
        } else if (type == UUID.class) {
            return RequestId.next(7, 3).value();
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type.isSealed()) {
            return of(records(type).getFirst());
        }
        return special(type);
    }

    private static Object special(Class<?> type) {
        if (type == Secret.class) {
            return new Secret("a-secret-0123");
        } else if (type == DeviceId.class) {
            return new DeviceId("WaterMeter_0001");
        } else if (type == NodeName.class) {
            return new NodeName("0001");
        }
        return of(type.asSubclass(Record.class));
    }

    private static String text(String name) {
        return switch (name) {
            case "fingerprint", "secondaryFingerprint" -> "0123456789abcdef0123456789abcdef01234567";
            case "suffix" -> "down/now";
            case "method" -> "RW";
            case "endpoint" -> "https://s3.example";
            case "queue" -> "sample-queue";
            case "dataFormat" -> "json";
            case "protocolType" -> "MQTT";
            case "min" -> "0";
            case "max" -> "100";
            default -> "sample";
        };
    }

    /** All records of a sealed interface, nested ones too. */
    public static List<Class<? extends Record>> records(Class<?> sealed) {
        List<Class<? extends Record>> found = new ArrayList<>();
        for (Class<?> type : sealed.getPermittedSubclasses()) {
            if (type.isRecord()) {
                found.add(type.asSubclass(Record.class));
            } else if (type.isSealed()) {
                found.addAll(records(type));
            }
        }
        return found;
    }
}
