// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Channel;
import dev.downlink.support.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KafkaAccessTest {

    @Test
    void textCannotEndItsQuotes() {
        assertThat(KafkaAccess.quoted("a\"; evil=\"\\\n")).isEqualTo("\"a\\\"; evil=\\\"\\\\\\012\"");
    }

    @Test
    void addressOfIpv6HasBrackets() {
        List<Channel.NetAddress> addresses =
                List.of(new Channel.NetAddress("broker", 9092), new Channel.NetAddress("fd00::1", 9093));

        assertThat(KafkaAccess.addresses(addresses)).containsExactly("broker:9092", "[fd00::1]:9093");
    }

    @ParameterizedTest
    @CsvSource({"15s, PT5S", "60s, PT5S", "3s, PT1S"})
    void partOfTheTimeIsForFindingTheTopic(String timeout, Duration part) {
        KafkaAccess access = KafkaAccess.of(
                KafkaChannels.of("topic", "broker", 9092),
                TestSettings.of("PUSH_TIMEOUT", timeout).push(),
                AddressFence.NONE);

        assertThat(access.maxBlock()).isEqualTo(part);
    }

    @Test
    void fileOfTheHostIsTrustedBeforeThatOfAll(@TempDir Path directory) throws Exception {
        Path all = Files.createFile(directory.resolve("kafka.pem"));
        Path one = Files.createFile(directory.resolve("kafka-one.example.com.pem"));

        assertThat(TrustFile.find(directory, "kafka", "one.example.com")).contains(one);
        assertThat(TrustFile.find(directory, "kafka", "two.example.com")).contains(all);
        assertThat(TrustFile.find(directory, "kafka", "../kafka")).contains(all);
        assertThat(TrustFile.find(directory, "storage", "one.example.com")).isEmpty();
        assertThat(TrustFile.find(null, "kafka", "one.example.com")).isEmpty();
    }
}
