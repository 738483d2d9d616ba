// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.downlink.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
    @TempDir
    Path directory;

    @Test
    void whatARoomRemembersOnTopOfTheRegistryStaysWithinTheCacheTime() {
        Settings.Registry registry = new Settings.Registry(1, Duration.ofSeconds(60));

        assertThat(registry.rememberedTime().plus(registry.ownTime())).isEqualTo(Duration.ofSeconds(60));
        assertThat(registry.rememberedTime()).isPositive().isLessThan(registry.ownTime());
    }

    @Test
    void withoutAnythingTheDefaultsHold() {
        Settings settings = SettingsReader.read(Optional.empty(), Map.of());

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.dataDir()).isEqualTo(Path.of("./data"));
        assertThat(settings.roles()).containsExactly(Settings.Role.HTTP, Settings.Role.MQTT, Settings.Role.AMQP);
        assertThat(settings.http()).isEqualTo(new Settings.Http(8080, 1 << 20, Duration.ofSeconds(75), 20_000));
        assertThat(settings.mqtt().port()).isEqualTo(1883);
        assertThat(settings.mqtt().maxPacket()).isEqualTo((1 << 20) + (64 << 10));
        assertThat(settings.mqtts()).isEqualTo(new Settings.Mqtts(8883, null, null));
        assertThat(settings.database().uri()).isNull();
        assertThat(settings.cluster().enabled()).isFalse();
        assertThat(settings.bootstrap()).isEqualTo(new Settings.Bootstrap(null, null, null));
    }

    @Test
    void variablesWinOverTheFileAndTheFileOverTheDefaults() throws IOException {
        Path file = file("""
            http:
              port: 9000
              max_body: 64KiB
            commands: {timeout: 500ms}
            roles: [mqtt]
            """);

        Settings settings = SettingsReader.read(Optional.of(file), Map.of("DOWNLINK_HTTP_PORT", "9001"));

        assertThat(settings.http().port()).isEqualTo(9001);
        assertThat(settings.http().maxBody()).isEqualTo(64 << 10);
        assertThat(settings.commands().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.roles()).containsExactly(Settings.Role.MQTT);
        assertThat(settings.mqtt().port()).isEqualTo(1883);
    }

    @Test
    void everyKeyHasAVariableThatIsUnderstood() {
        Map<String, String> variables = Map.of(
                "DOWNLINK_HOST", "0.0.0.0",
                "DOWNLINK_MQTT_MAX_PACKET", "2MiB",
                "DOWNLINK_DATA_DIR", "/tmp/d",
                "DOWNLINK_CLUSTER", "off",
                "DOWNLINK_DATABASE_URI", "postgresql://u:p@db/downlink",
                "DOWNLINK_BOOTSTRAP_PROJECT", "p1",
                "DOWNLINK_BOOTSTRAP_ACCESS_KEY", "AK",
                "DOWNLINK_BOOTSTRAP_SECRET_KEY", "very-secret-key-1",
                "DOWNLINK_ROLES", "http, mqtt",
                "PATH", "/bin");

        Settings settings = SettingsReader.read(Optional.empty(), variables);

        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.mqtt().maxPacket()).isEqualTo(2 << 20);
        assertThat(settings.dataDir()).isEqualTo(Path.of("/tmp/d"));
        assertThat(settings.cluster().enabled()).isFalse();
        assertThat(settings.database().uri()).isEqualTo(new Secret("postgresql://u:p@db/downlink"));
        assertThat(settings.bootstrap()).isEqualTo(new Settings.Bootstrap("p1", "AK", new Secret("very-secret-key-1")));
    }

    @Test
    void anEmptyVariableAndAServiceLinkAreLeftAlone() {
        Map<String, String> variables = Map.of(
                "DOWNLINK_DATABASE_URI", "",
                "DOWNLINK_SERVICE_HOST", "10.0.0.1",
                "DOWNLINK_SERVICE_PORT_MQTT", "1883",
                "DOWNLINK_PORT_8080_TCP_ADDR", "10.0.0.1",
                "DOWNLINK_MQTT_PORT", "tcp://10.0.0.1:1883");

        Settings settings = SettingsReader.read(Optional.empty(), variables);

        assertThat(settings).isEqualTo(SettingsReader.read(Optional.empty(), Map.of()));
    }

    @Test
    void aSecretMayComeFromAFileNamedByVariableOrKey() throws IOException {
        Path uri = Files.writeString(directory.resolve("uri"), "postgresql://u:p@db/downlink\n");
        Path password = Files.writeString(directory.resolve("password"), "from a file\n");
        Path file = file("database: {password_file: '%s', uri: 'postgresql://other/db'}".formatted(password));

        Settings settings =
                SettingsReader.read(Optional.of(file), Map.of("DOWNLINK_DATABASE_URI_FILE", uri.toString()));

        assertThat(settings.database().uri()).isEqualTo(new Secret("postgresql://u:p@db/downlink"));
        assertThat(settings.database().password()).isEqualTo(new Secret("from a file"));
    }

    @Test
    void allMistakesAreReportedTogether() throws IOException {
        Path file = file("""
            http:
              port: 70000
              port: 8080
              idle_timeout: 75
            mqtt: 5
            mqtts:
              certificate: /nowhere/cert.pem
            comands:
              timeout: 20s
            """);
        Map<String, String> variables = Map.of(
                "DOWNLINK_HTP_PORT", "1",
                "DOWNLINK_MQTT_MAX_INFLIGHT", "many",
                "DOWNLINK_BOOTSTRAP_PROJECT", "p");

        List<String> mistakes = mistakes(file, variables);

        assertThat(mistakes)
                .containsExactlyInAnyOrder(
                        "DOWNLINK_HTP_PORT: is not a known variable; did you mean DOWNLINK_HTTP_PORT?",
                        "DOWNLINK_MQTT_MAX_INFLIGHT: must be a whole number from 1 to 65535, not 'many'",
                        "http.port (" + file + " line 3): is there twice",
                        "http.idle_timeout (" + file + " line 4): must be a duration such as 500ms, 20s, 15m or 24h,"
                                + " from 1s to 1h, not '75'",
                        "mqtt (" + file + " line 5): is a group of keys such as mqtt.port, not a value",
                        "comands.timeout (" + file + " line 9): is not a known key; did you mean commands.timeout?",
                        "mqtts.certificate (" + file + " line 7): needs mqtts.key, its private key",
                        "mqtts.certificate (" + file
                                + " line 7): must name a file that can be read, not '/nowhere/cert.pem'",
                        "DOWNLINK_BOOTSTRAP_PROJECT: bootstrap.project, bootstrap.access_key and"
                                + " bootstrap.secret_key must be given together");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        DOWNLINK_HTTP_PORT              | -1                     | must be a whole number from 0 to 65535, not '-1'
        DOWNLINK_HTTP_PORT              | 65536                  | must be a whole number from 0 to 65535, not '65536'
        DOWNLINK_HTTP_PORT              | 99999999999999999999   | must be a whole number from 0 to 65535, not '99999999999999999999'
        DOWNLINK_HTTP_MAX_BODY          | 1MB                    | must be a size in bytes, such as 65536, 64KiB or 1MiB, from 16KiB to 64MiB, not '1MB'
        DOWNLINK_HTTP_MAX_BODY          | 65MiB                  | must be a size in bytes, such as 65536, 64KiB or 1MiB, from 16KiB to 64MiB, not '65MiB'
        DOWNLINK_MQTT_ANY_KEEP_ALIVE    | maybe                  | must be true or false (or on, off), not 'maybe'
        DOWNLINK_ROLES                  | http,coap              | must be a list of http and mqtt, not 'http,coap'
        DOWNLINK_HOST                   | a b                    | must be an address or host name, such as 127.0.0.1 or 0.0.0.0
        DOWNLINK_MQTT_PORT              | 8080                   | must differ from http.port, which is 8080 too
        DOWNLINK_MQTT_KEEP_ALIVE_MIN    | 1201                   | must not be greater than mqtt.keep_alive_max, which is 1200
        DOWNLINK_COMMANDS_TIMEOUT       | 61s                    | must not be longer than commands.max_timeout, which is 1m
        DOWNLINK_HTTP_IDLE_TIMEOUT      | 60s                    | must be longer than commands.max_timeout, which is 1m, or connections are closed while a caller waits
        DOWNLINK_MQTTS_KEY              | pom.xml                | needs mqtts.certificate
        DOWNLINK_DATABASE_URI           | mysql://db/x           | must look like postgresql://user:password@host:5432/database
        DOWNLINK_DATABASE_PASSWORD      | pw                     | needs database.uri: the embedded server has no password
        DOWNLINK_DATABASE_PASSWORD_FILE | /nowhere               | must name a file that can be read, not '/nowhere'
        DOWNLINK_SECURITY_MASTER_KEY    | c2hvcnQ=               | must be 32 bytes in Base64, as `openssl rand -base64 32` makes them
        DOWNLINK_NODE_NAME              | a/b                    | must be 1 to 253 letters, digits, '.', '_' and '-'
        DOWNLINK_COLOUR                 | red                    | is not a known variable
        """)
    void aMistakeNamesItsVariableAndWhatWasExpected(String variable, String value, String expected) {
        ConfigException e = refused(Optional.empty(), Map.of(variable, value));

        assertThat(e.mistakes()).containsExactly(new ConfigException.Mistake(variable, expected));
    }

    @Test
    void aSecretGivenTwiceIsAMistake() {
        Map<String, String> variables =
                Map.of("DOWNLINK_DATABASE_URI", "postgresql://h/d", "DOWNLINK_DATABASE_URI_FILE", "/nowhere");

        ConfigException e = refused(Optional.empty(), variables);

        assertThat(e).hasMessage("DOWNLINK_DATABASE_URI_FILE: give either this or DOWNLINK_DATABASE_URI, not both");
    }

    @Test
    void noMessageHoldsASecret() {
        Map<String, String> variables = Map.of(
                "DOWNLINK_DATABASE_URI", "mysql://hush-hush",
                "DOWNLINK_SECURITY_MASTER_KEY", "hush-hush",
                "DOWNLINK_BOOTSTRAP_SECRET_KEY", "hush");

        ConfigException e = refused(Optional.empty(), variables);

        assertThat(e.mistakes()).hasSize(4);
        assertThat(e.getMessage()).doesNotContain("hush");
    }

    @Test
    void aFileThatIsNotYamlIsNamedWithItsLineButNotItsText() throws IOException {
        Path file = file("host: 127.0.0.1\ndatabase: {password: hush\n");

        List<String> mistakes = mistakes(file, Map.of());

        assertThat(mistakes).singleElement().asString().startsWith(file + ": is not valid YAML at line");
        assertThat(mistakes.getFirst()).doesNotContain("hush");
    }

    @Test
    void aFileThatIsNotThereIsAMistake() {
        Path file = directory.resolve("nowhere.yaml");

        List<String> mistakes = mistakes(file, Map.of());

        assertThat(mistakes).containsExactly(file + ": cannot be read; it must be a YAML file in UTF-8");
    }

    @Test
    void aFileThatIsNoGroupOfKeysIsAMistake() throws IOException {
        Path file = file("- host\n- port\n");

        List<String> mistakes = mistakes(file, Map.of());

        assertThat(mistakes).contains(file + ": must hold keys and values");
    }

    @Test
    void shownSettingsMaskSecrets() {
        Settings settings = SettingsReader.read(
                Optional.empty(), Map.of("DOWNLINK_DATABASE_URI", "postgresql://u:hush@db/downlink"));

        List<String> lines = SettingsText.lines(settings);

        assertThat(lines)
                .contains("database.uri=***", "commands.timeout=20s", "roles=http,mqtt,amqp", "mqtts.key=-")
                .hasSize(Key.all().size())
                .noneMatch(line -> line.contains("hush"));
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("downlink.yaml"), yaml);
    }

    private static List<String> mistakes(Path file, Map<String, String> variables) {
        return refused(Optional.of(file), variables).mistakes().stream()
                .map(ConfigException.Mistake::toString)
                .toList();
    }

    private static ConfigException refused(Optional<Path> file, Map<String, String> variables) {
        return catchThrowableOfType(ConfigException.class, () -> SettingsReader.read(file, variables));
    }
}
