// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.Done;
import dev.downlink.support.Samples;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormTest {
    static Stream<Class<?>> everyRecordOfTheProtocol() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.downlink.protocol", "dev.downlink.model")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .<Class<?>>map(JavaClass::reflect)
                        .sorted((a, b) -> a.getName().compareTo(b.getName()));
    }

    @ParameterizedTest
    @MethodSource("everyRecordOfTheProtocol")
    void recordIsTheSameBehindTheWire(Class<? extends Record> type) {
        Record sample = Samples.of(type);

        Record received = WireForm.read(WireForm.write(sample));

        assertThat(received).isEqualTo(sample);
    }

    @Test
    void componentOfALaterVersionIsIgnored() {
        byte[] known = WireForm.write(new Done());
        byte[] later = new byte[known.length + 3];
        System.arraycopy(known, 0, later, 0, known.length - 2);
        // {_ "z": 1 }
        byte[] body = {(byte) 0xbf, 0x61, 'z', 0x01, (byte) 0xff};
        System.arraycopy(body, 0, later, known.length - 2, body.length);

        assertThat(WireForm.read(later)).isEqualTo(new Done());
    }

    @Test
    void componentOfAnEarlierVersionThatIsMissingIsNull() {
        byte[] name = "protocol.DeviceRequest$ShowDevice".getBytes(StandardCharsets.US_ASCII);
        byte[] wire = new byte[name.length + 3];
        wire[0] = (byte) name.length;
        System.arraycopy(name, 0, wire, 1, name.length);
        wire[name.length + 1] = (byte) 0xbf;
        wire[name.length + 2] = (byte) 0xff;

        assertThat(WireForm.read(wire)).isEqualTo(new DeviceRequest.ShowDevice(null, null));
    }

    @Test
    void classOutsideTheProtocolIsRefused() {
        byte[] name = "bus.Answer".getBytes(StandardCharsets.US_ASCII);
        byte[] wire = new byte[name.length + 1];
        wire[0] = (byte) name.length;
        System.arraycopy(name, 0, wire, 1, name.length);

        assertThatThrownBy(() -> WireForm.read(wire)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordOfSomebodyElseIsNotSent() {
        record Foreign(DeviceId id) {}

        assertThatThrownBy(() -> WireForm.write(new Foreign(new DeviceId("d"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
