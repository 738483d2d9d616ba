// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import dev.downlink.sdk.Stage.Registered;
import dev.downlink.support.Certificates;
import dev.downlink.support.ConnectRelay;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How devices come in and are kept out (southbound §1). */
@ExtendWith(Stage.Entrance.class)
class DeviceLoginIT {
    private static final String PRODUCT = "LoggingIn";
    private static final int REFUSED_CLIENT_ID = 2;
    private static final int REFUSED_CREDENTIALS = 4;
    private static final int NOT_AUTHORIZED = 5;

    private final Stage stage;
    private final DeviceSdk devices;

    DeviceLoginIT(Stage stage) {
        this.stage = stage;
        this.devices = stage.devices();
    }

    @BeforeAll
    static void createProduct(Stage stage) {
        stage.createWaterMeter(PRODUCT);
    }

    @Test
    void deviceWithAWrongSecretGivesUpAtOnce() throws InterruptedException {
        String id = stage.addDevice(PRODUCT, "wrong").id();

        try (ConnectRelay relay = new ConnectRelay(stage.gateway().port("mqtt"));
                DeviceSdk wrong = new DeviceSdk("wrong-secret")) {
            int code = wrong.connectListener(new Registered(id, "not-the-secret"), "tcp://127.0.0.1:" + relay.port());
            int exit = wrong.end();

            assertThat(code).isEqualTo(REFUSED_CREDENTIALS);
            assertThat(exit).isZero();
            assertThat(relay.connects()).containsExactly("MQTT 4", "MQIsdp 3");
        }
    }

    @Test
    void unknownDeviceIsToldThatItsCredentialsAreWrong() throws MqttException {
        try (RawDevice unknown = RawDevice.of(new Registered("NoSuch_device", "some-secret"), stage.tcp())) {
            assertThat(unknown.connectCode()).isEqualTo(REFUSED_CREDENTIALS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {29, 1201})
    void keepAliveOutOfRangeIsRefused(int seconds) throws MqttException {
        Registered device = stage.addDevice(PRODUCT, "keepalive" + seconds);

        try (RawDevice raw = RawDevice.of(device, stage.tcp()).keepAlive(seconds)) {
            assertThat(raw.connectCode()).isEqualTo(REFUSED_CLIENT_ID);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 1200})
    void keepAliveAtTheEdgeIsAccepted(int seconds) throws MqttException {
        Registered device = stage.addDevice(PRODUCT, "keepalive" + seconds);

        try (RawDevice raw = RawDevice.of(device, stage.tcp()).keepAlive(seconds)) {
            assertThat(raw.connectCode()).isZero();
        }
    }

    @Test
    void hourOfTheClientIdCountsOnlyWithSignTypeOne() throws MqttException {
        Registered device = stage.addDevice(PRODUCT, "clock");
        Instant longAgo = Instant.now().minus(Duration.ofDays(400));

        try (RawDevice unchecked = RawDevice.of(device, stage.tcp(), 0, longAgo);
                RawDevice late = RawDevice.of(device, stage.tcp(), 1, longAgo);
                RawDevice punctual = RawDevice.of(device, stage.tcp(), 1, Instant.now())) {
            assertThat(unchecked.connectCode()).isZero();
            assertThat(late.connectCode()).isEqualTo(REFUSED_CREDENTIALS);
            assertThat(punctual.connectCode()).isZero();
        }
    }

    @Test
    void wrongSecretOverMqtt5HasItsOwnCode() {
        Registered device = stage.addDevice(PRODUCT, "five");

        assertThat(mqtt5Code(device, device.secret())).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
        assertThat(mqtt5Code(device, "not-the-secret")).isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }

    @Test
    void deviceTrustsTheGatewaysCertificate() {
        Registered device = stage.addDevice(PRODUCT, "encrypted");

        int code = devices.connectTls(device, stage.ssl(), stage.certificate());

        assertThat(code).isZero();
        assertThat(stage.command(device.id(), "ENCRYPTED", "n", 1).body(200).getJsonObject("response"))
                .isNotNull();
    }

    @Test
    void deviceShowsACertificateInsteadOfAPassword() throws GeneralSecurityException, IOException {
        Certificates own = Certificates.selfSigned("certified");
        String fingerprint = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(own.certificate().getEncoded()));
        JsonObject auth = JsonObject.of("auth_type", "CERTIFICATES", "fingerprint", fingerprint);
        String id = stage.addDevice(JsonObject.of("product_id", PRODUCT, "node_id", "certified", "auth_info", auth))
                .id();

        int code = devices.connectCertified(id, stage.ssl(), stage.certificate(), write(own), "");

        assertThat(code).isZero();
        assertThat(stage.command(id, "CERTIFIED", "n", 1).body(200).getJsonObject("response"))
                .isNotNull();
    }

    @Test
    void frozenDeviceIsCutAndComesBackByItselfWhenItMay() throws MqttException {
        Registered device = stage.addDevice(PRODUCT, "frozen");
        JsonObject id = JsonObject.of("device_id", device.id());
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        devices.hear("connected", device.id());

        JsonObject _ = stage.call("freezeDevice", id).body(204);
        devices.hear("lost", device.id());
        try (RawDevice again = RawDevice.of(device, stage.tcp())) {
            assertThat(again.connectCode()).isEqualTo(NOT_AUTHORIZED);
        }
        stage.command(device.id(), "ANY").failedWith(403, "IOTDA.014016");
        JsonObject _ = stage.call("unfreezeDevice", id).body(204);
        devices.hear("connected", device.id());

        assertThat(stage.command(device.id(), "THAWED").body(200).getJsonObject("response"))
                .isNotNull();
    }

    @Test
    void resetOfTheSecretCutsTheConnection() throws MqttException, InterruptedException {
        Registered device = stage.addDevice(PRODUCT, "reset");
        JsonObject body = JsonObject.of("secret", "a-new-secret", "force_disconnect", true);

        try (RawDevice before = RawDevice.of(device, stage.tcp());
                RawDevice old = RawDevice.of(device, stage.tcp());
                RawDevice after = RawDevice.of(new Registered(device.id(), "a-new-secret"), stage.tcp())) {
            before.connect();
            JsonObject _ = stage.call(
                            "resetDeviceSecret",
                            JsonObject.of("device_id", device.id(), "action_id", "resetSecret", "body", body))
                    .body(200);

            assertThat(before.isCut()).isTrue();
            assertThat(old.connectCode()).isEqualTo(REFUSED_CREDENTIALS);
            assertThat(after.connectCode()).isZero();
        }
    }

    private Mqtt5ConnAckReasonCode mqtt5Code(Registered device, String secret) {
        String hour = "2025041401";
        Mqtt5BlockingClient client = Mqtt5Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(stage.gateway().port("mqtt"))
                .identifier(device.id() + "_0_0_" + hour)
                .simpleAuth()
                .username(device.id())
                .password(RawDevice.password(secret, hour).getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .buildBlocking();
        try {
            Mqtt5ConnAckReasonCode code = client.connect().getReasonCode();
            client.disconnect();
            return code;
        } catch (Mqtt5ConnAckException e) {
            return e.getMqttMessage().getReasonCode();
        }
    }

    private Path write(Certificates own) throws GeneralSecurityException, IOException {
        Path file = stage.directory().resolve("certified.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            own.keyStore().store(out, new char[0]);
        }
        return file;
    }
}
