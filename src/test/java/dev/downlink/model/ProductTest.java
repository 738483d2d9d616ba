// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.support.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProductTest {
    private static final Product PRODUCT = Samples.product();
    private static final Product METER = meter();

    @Test
    void commandOfTheModelPasses() {
        assertThatCode(() -> PRODUCT.checkCommand("WaterMeter", "ON_OFF", Map.of("value", "ON")))
                .doesNotThrowAnyException();
    }

    static List<Arguments> wrongCommands() {
        return List.of(
                Arguments.of("Nothing", "ON_OFF", Map.of("value", "ON"), "service_id"),
                Arguments.of("WaterMeter", "NOTHING", Map.of("value", "ON"), "command_name"),
                Arguments.of("WaterMeter", null, Map.of("value", "ON"), "command_name"),
                Arguments.of("WaterMeter", "ON_OFF", Map.of(), "paras.value"),
                Arguments.of("WaterMeter", "ON_OFF", Map.of("value", "MAYBE"), "paras.value"),
                Arguments.of("WaterMeter", "ON_OFF", Map.of("value", 1), "paras.value"),
                Arguments.of("WaterMeter", "ON_OFF", Collections.singletonMap("value", null), "paras.value"),
                Arguments.of("WaterMeter", "ON_OFF", Map.of("value", "ON", "more", 1), "paras.more"));
    }

    @ParameterizedTest
    @MethodSource("wrongCommands")
    void violationNamesTheField(String service, String command, Map<String, Object> paras, String field) {
        assertThatThrownBy(() -> PRODUCT.checkCommand(service, command, paras))
                .isInstanceOfSatisfying(
                        InvalidField.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void propertiesOfTheModelPass() {
        assertThatCode(() -> METER.checkProperties(
                        List.of(set(Map.of("interval", 15, "mode", "ON", "label", "12345678")), set(Map.of()))))
                .doesNotThrowAnyException();
    }

    static List<Arguments> wrongProperties() {
        return List.of(
                Arguments.of("nothing", 1, "is not a property of service WaterMeter"),
                Arguments.of("reading", 1, "is not writable"),
                Arguments.of("interval", "15", "must be of type int"),
                Arguments.of("interval", 0, "must not be less than 5"),
                Arguments.of("interval", 65, "must not be greater than 60"),
                Arguments.of("interval", 16, "must be a multiple of the step 5.0"),
                Arguments.of("mode", "MAYBE", "must be one of [ON, OFF]"),
                Arguments.of("mode", null, "is mandatory"),
                Arguments.of("label", "123456789", "must not be longer than 8 characters"));
    }

    @ParameterizedTest
    @MethodSource("wrongProperties")
    void violationNamesThePropertyAndItsPlace(String property, Object value, String why) {
        List<ServiceProperties> values =
                List.of(set(Map.of("interval", 10)), set(Collections.singletonMap(property, value)));

        assertThatThrownBy(() -> METER.checkProperties(values)).isInstanceOfSatisfying(InvalidField.class, e -> {
            assertThat(e.field()).isEqualTo("services[1].properties." + property);
            assertThat(e.why()).isEqualTo(why);
        });
    }

    @Test
    void propertiesOfAnUnknownServiceAreRefused() {
        List<ServiceProperties> values = List.of(new ServiceProperties("Nothing", Map.of()));

        assertThatThrownBy(() -> METER.checkProperties(values))
                .isInstanceOfSatisfying(
                        InvalidField.class, e -> assertThat(e.field()).isEqualTo("services[0].service_id"));
        assertThatThrownBy(() -> METER.checkService("Nothing"))
                .isInstanceOfSatisfying(
                        InvalidField.class, e -> assertThat(e.field()).isEqualTo("service_id"));
        assertThatCode(() -> METER.checkService("WaterMeter")).doesNotThrowAnyException();
    }

    /** Against an oracle of its own: whole numbers from 5 to 60 in steps of 5. */
    @Test
    void numberIsTakenExactlyWhenItIsInRangeAndOnAStep() {
        RandomGenerator random = new Random(4711);
        for (int i = 0; i < 10_000; i++) {
            int value = random.nextInt(-100, 200);
            boolean right = value >= 5 && value <= 60 && value % 5 == 0;

            assertThat(takes("interval", value)).as("interval %s", value).isEqualTo(right);
        }
    }

    @Test
    void textIsTakenExactlyWhenItIsShortEnough() {
        RandomGenerator random = new Random(4712);
        for (int i = 0; i < 1000; i++) {
            String value = "水".repeat(random.nextInt(0, 20));

            assertThat(takes("label", value)).as("label %s", value).isEqualTo(value.length() <= 8);
        }
    }

    private static boolean takes(String property, Object value) {
        try {
            METER.checkProperties(List.of(set(Map.of(property, value))));
            return true;
        } catch (InvalidField _) {
            return false;
        }
    }

    private static ServiceProperties set(Map<String, Object> properties) {
        return new ServiceProperties("WaterMeter", properties);
    }

    private static Product meter() {
        Para interval = new Para("interval", DataType.INT, true, List.of(), "5", "60", null, 5.0, null, null);
        Para mode = new Para("mode", DataType.ENUM, true, List.of("ON", "OFF"), null, null, null, null, null, null);
        Para label = new Para("label", DataType.STRING, false, List.of(), null, null, 8, null, null, null);
        Para reading = new Para("reading", DataType.DECIMAL, false, List.of(), null, null, null, null, null, null);
        List<ServiceModel.Property> properties = List.of(
                new ServiceModel.Property(interval, "RW", null),
                new ServiceModel.Property(mode, "W", null),
                new ServiceModel.Property(label, "RWE", null),
                new ServiceModel.Property(reading, "RE", null));
        ServiceModel service = new ServiceModel("WaterMeter", "Water", properties, List.of(), List.of(), null, null);
        return new Product(
                PRODUCT.recordId(),
                PRODUCT.project(),
                PRODUCT.space(),
                PRODUCT.id(),
                "Meter",
                "Meter",
                "MQTT",
                "json",
                null,
                null,
                null,
                List.of(service),
                List.of(),
                null,
                PRODUCT.created(),
                1);
    }

    static List<Arguments> values() {
        return List.of(
                Arguments.of(DataType.INT, 7, true),
                Arguments.of(DataType.INT, 7L, false),
                Arguments.of(DataType.INT, new BigDecimal("7.0"), false),
                Arguments.of(DataType.LONG, 7, true),
                Arguments.of(DataType.LONG, BigInteger.valueOf(Long.MAX_VALUE), true),
                Arguments.of(DataType.LONG, BigInteger.TWO.pow(63), false),
                Arguments.of(DataType.DECIMAL, 7, true),
                Arguments.of(DataType.DECIMAL, new BigDecimal("7.5"), true),
                Arguments.of(DataType.DECIMAL, "7.5", false),
                Arguments.of(DataType.STRING, "text", true),
                Arguments.of(DataType.STRING, 7, false),
                Arguments.of(DataType.ENUM, "text", true),
                Arguments.of(DataType.DATE_TIME, "20151212T121212Z", true),
                Arguments.of(DataType.DATE_TIME, "2015-12-12", false),
                Arguments.of(DataType.JSON_OBJECT, Map.of("a", 1), true),
                Arguments.of(DataType.JSON_OBJECT, List.of(), false),
                Arguments.of(DataType.BOOLEAN, true, true),
                Arguments.of(DataType.BOOLEAN, "true", false),
                Arguments.of(DataType.STRING_LIST, List.of("a"), true),
                Arguments.of(DataType.STRING_LIST, List.of(1), false));
    }

    @ParameterizedTest
    @MethodSource("values")
    void typeTakesItsOwnValues(DataType type, Object value, boolean taken) {
        assertThat(type.accepts(value)).isEqualTo(taken);
    }

    static List<Arguments> numbers() {
        return List.of(
                Arguments.of(new BigDecimal("0"), true),
                Arguments.of(new BigDecimal("-0.1"), false),
                Arguments.of(new BigDecimal("100"), true),
                Arguments.of(new BigDecimal("100.5"), false),
                Arguments.of(new BigDecimal("7.5"), true),
                Arguments.of(new BigDecimal("7.25"), false));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void numberStaysInItsRangeAndOnItsStep(BigDecimal number, boolean taken) {
        Optional<String> complaint = Samples.para("n", DataType.DECIMAL).complaint(number);

        assertThat(complaint.isEmpty()).isEqualTo(taken);
    }

    @Test
    void textLongerThanMaxLengthIsRefused() {
        Para para = new Para("p", DataType.STRING, false, List.of(), null, null, 8, null, null, null);

        assertThat(para.complaint("12345678")).isEmpty();
        assertThat(para.complaint("123456789")).isPresent();
    }

    @Test
    void nameThatOccursTwiceIsRefused() {
        ServiceModel service = PRODUCT.services().getFirst();

        assertThatThrownBy(() -> new ServiceModel(
                        "s",
                        "t",
                        List.of(
                                service.properties().getFirst(),
                                service.properties().getFirst()),
                        List.of(),
                        List.of(),
                        null,
                        null))
                .isInstanceOf(InvalidField.class)
                .hasMessageContaining("'level' occurs twice");
    }
}
