// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A product of random services and properties, values that fit it, and the same with one that does not. */
final class RandomModel {
    private static final List<String> METHODS = List.of("RWE", "RW", "RE", "WE", "E", "W", "R");
    private static final List<String> WORDS = List.of("ON", "OFF", "auto", "水", "");

    private final Random random;
    private final List<ServiceModel> services;

    /** What is wrong with one value. */
    enum Change {
        UNKNOWN_SERVICE,
        UNKNOWN_PROPERTY,
        NOT_WRITABLE,
        NULL,
        TYPE,
        BELOW_MIN,
        ABOVE_MAX,
        STEP,
        ENUM,
        LENGTH
    }

    /**
     * @param field the whole path of the value that is wrong
     * @param why a part of what has to be said of it
     */
    record Broken(List<ServiceProperties> values, String field, String why) {}

    RandomModel(int seed) {
        random = new Random(seed);
        services = IntStream.rangeClosed(1, 1 + random.nextInt(4))
                .mapToObj(i -> service("Service" + i))
                .toList();
    }

    Product product() {
        return new Product(
                RecordId.LAST,
                new ProjectId("project"),
                new SpaceId("space"),
                new ProductId("random"),
                "random",
                "random",
                "MQTT",
                "json",
                null,
                null,
                null,
                services,
                List.of(),
                null,
                Instant.EPOCH,
                1);
    }

    // ---- models

    private ServiceModel service(String id) {
        List<ServiceModel.Property> properties = IntStream.rangeClosed(1, 1 + random.nextInt(6))
                .mapToObj(i -> new ServiceModel.Property(para("p" + i), pick(METHODS), null))
                .toList();
        return new ServiceModel(id, id, properties, List.of(), List.of(), null, null);
    }

    private Para para(String name) {
        DataType type = pick(List.of(DataType.values()));
        int min = random.nextInt(-50, 50);
        boolean number = type.isNumber();
        boolean words = type == DataType.ENUM || (type == DataType.STRING && random.nextInt(4) == 0);
        return new Para(
                name,
                type,
                random.nextBoolean(),
                words ? WORDS : List.of(),
                number && random.nextBoolean() ? String.valueOf(min) : null,
                number && random.nextBoolean() ? String.valueOf(min + 10 + random.nextInt(100)) : null,
                type == DataType.STRING && random.nextBoolean() ? Integer.valueOf(4 + random.nextInt(8)) : null,
                number && random.nextInt(3) == 0 ? step(type) : null,
                null,
                null);
    }

    private Double step(DataType type) {
        return type == DataType.DECIMAL ? pick(List.of(0.1, 0.25, 2.0)) : pick(List.of(1.0, 2.0, 5.0));
    }

    // ---- values

    /** Of some services, of each some properties that can be written. */
    List<ServiceProperties> values() {
        List<ServiceProperties> values = new ArrayList<>();
        for (ServiceModel service : services) {
            Map<String, @Nullable Object> properties = new LinkedHashMap<>();
            for (ServiceModel.Property property : service.properties()) {
                if (property.writable() && random.nextInt(4) > 0) {
                    properties.put(property.name(), value(property.value()));
                }
            }
            values.add(new ServiceProperties(service.serviceId(), properties));
        }
        return values;
    }

    private @Nullable Object value(Para para) {
        if (!para.required() && random.nextInt(8) == 0) {
            return null;
        }
        return switch (para.type()) {
            case INT -> number(para).intValueExact();
            case LONG ->
                random.nextBoolean()
                        ? (Object) number(para).longValueExact()
                        : number(para).toBigIntegerExact();
            case DECIMAL ->
                random.nextBoolean() ? number(para) : (Object) number(para).stripTrailingZeros();
            case STRING, ENUM -> text(para);
            case DATE_TIME -> Timestamps.compact(Instant.ofEpochSecond(random.nextInt()));
            case JSON_OBJECT -> Map.of("a", random.nextInt());
            case BOOLEAN -> random.nextBoolean();
            case STRING_LIST -> random.nextBoolean() ? List.of() : List.of("a", "b");
        };
    }

    /** As many steps above the smallest as the largest allows; the smallest, the largest and all between. */
    private BigDecimal number(Para para) {
        BigDecimal step = BigDecimal.valueOf(para.step() == null ? 1.0 : para.step());
        if (para.min() == null && para.max() != null) {
            BigDecimal last = new BigDecimal(para.max()).divide(step, 0, RoundingMode.FLOOR);
            return last.subtract(BigDecimal.valueOf(random.nextInt(10))).multiply(step);
        }
        BigDecimal from = para.min() == null ? BigDecimal.ZERO : new BigDecimal(para.min());
        BigDecimal room = para.max() == null
                ? BigDecimal.valueOf(100)
                : new BigDecimal(para.max()).subtract(from).divideToIntegralValue(step);
        int steps = random.nextInt(room.intValueExact() + 1);
        return from.add(step.multiply(BigDecimal.valueOf(steps)));
    }

    private String text(Para para) {
        if (!para.enumList().isEmpty()) {
            return pick(para.enumList());
        }
        int longest = para.maxLength() == null ? 40 : para.maxLength();
        return "x".repeat(random.nextInt(longest + 1));
    }

    // ---- values that do not fit

    /** The same with one value changed; empty when the model has no property of which that is possible. */
    Optional<Broken> broken(Change change) {
        return switch (change) {
            case UNKNOWN_SERVICE -> Optional.of(unknownService());
            case UNKNOWN_PROPERTY -> Optional.of(with(0, "unknown", 1, "is not a property"));
            case NOT_WRITABLE -> some(p -> !p.writable(), _ -> 1, "is not writable");
            case NULL -> some(p -> p.writable() && p.value().required(), _ -> null, "is mandatory");
            case TYPE -> some(ServiceModel.Property::writable, this::ofAnotherType, "must be of type");
            case BELOW_MIN -> some(has(p -> p.min() != null), p -> beyond(p, p.min(), -1), "must not be less than");
            case ABOVE_MAX -> some(has(p -> p.max() != null), p -> beyond(p, p.max(), 1), "must not be greater than");
            case STEP -> some(has(RandomModel::canMissAStep), this::besideAStep, "must be a multiple of the step");
            case ENUM -> some(has(p -> !p.enumList().isEmpty()), _ -> "none of them", "must be one of");
            case LENGTH ->
                some(
                        has(p -> p.maxLength() != null && p.enumList().isEmpty()),
                        p -> "x".repeat(1 + (p.maxLength() == null ? 0 : p.maxLength())),
                        "must not be longer than");
        };
    }

    private static Predicate<ServiceModel.Property> has(Predicate<Para> rule) {
        return property -> property.writable() && rule.test(property.value());
    }

    private interface Wrong {
        @Nullable
        Object value(Para para);
    }

    private Broken unknownService() {
        List<ServiceProperties> values = new ArrayList<>(values());
        values.add(new ServiceProperties("Unknown", Map.of()));
        return new Broken(values, "services[" + (values.size() - 1) + "].service_id", "is not in product");
    }

    private Optional<Broken> some(Predicate<ServiceModel.Property> fits, Wrong wrong, String why) {
        for (int i = 0; i < services.size(); i++) {
            for (ServiceModel.Property property : services.get(i).properties()) {
                if (fits.test(property)) {
                    return Optional.of(with(i, property.name(), wrong.value(property.value()), why));
                }
            }
        }
        return Optional.empty();
    }

    private Broken with(int service, String name, @Nullable Object value, String why) {
        List<ServiceProperties> values = new ArrayList<>(values());
        Map<String, @Nullable Object> properties =
                new LinkedHashMap<>(values.get(service).properties());
        properties.put(name, value);
        values.set(service, new ServiceProperties(services.get(service).serviceId(), properties));
        return new Broken(values, "services[" + service + "].properties." + name, why);
    }

    private Object ofAnotherType(Para para) {
        return switch (para.type()) {
            case INT -> pick(List.of("1", 1.5, true, 5_000_000_000L, List.of(1)));
            case LONG -> pick(List.of("1", new BigDecimal("1.5"), true, BigInteger.TWO.pow(63), Map.of()));
            case DECIMAL -> pick(List.of("1.5", true, List.of(), Map.of()));
            case STRING, ENUM -> pick(List.of(1, true, List.of("ON"), Map.of()));
            case DATE_TIME -> pick(List.of(1, "yesterday", "2025-12-12T08:00:00Z", List.of()));
            case JSON_OBJECT -> pick(List.of("{}", 1, List.of(), true));
            case BOOLEAN -> pick(List.of("true", 0, List.of(), Map.of()));
            case STRING_LIST -> pick(List.of("a", List.of(1), List.of("a", List.of()), Map.of()));
        };
    }

    private Object beyond(Para para, @Nullable String limit, int sign) {
        BigDecimal step = BigDecimal.valueOf(para.step() == null || para.step() == 0 ? 1.0 : para.step());
        return typed(para, new BigDecimal(limit).add(step.multiply(BigDecimal.valueOf(sign))));
    }

    /** Whether there is a number of its type between two of its steps and within its limits. */
    private static boolean canMissAStep(Para para) {
        return para.step() != null && para.max() == null && (para.type() == DataType.DECIMAL || para.step() > 1);
    }

    private Object besideAStep(Para para) {
        BigDecimal from = para.min() == null ? BigDecimal.ZERO : new BigDecimal(para.min());
        BigDecimal beside = para.type() == DataType.DECIMAL ? new BigDecimal("0.01") : BigDecimal.ONE;
        return typed(para, from.add(beside));
    }

    private static Object typed(Para para, BigDecimal number) {
        return switch (para.type()) {
            case INT -> number.intValueExact();
            case LONG -> number.longValueExact();
            default -> number;
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
