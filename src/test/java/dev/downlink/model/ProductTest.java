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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProductTest {
    private static final Product PRODUCT = Samples.product();

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
