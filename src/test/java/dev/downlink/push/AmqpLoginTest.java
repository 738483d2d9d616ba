// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static dev.downlink.push.AmqpStage.CODE;
import static dev.downlink.push.AmqpStage.KEY;
import static dev.downlink.push.AmqpStage.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.downlink.bus.Bus;
import dev.downlink.model.AccessCode;
import dev.downlink.protocol.Notice;
import dev.downlink.support.BlockedEventLoops;
import dev.downlink.support.Certificates;
import dev.downlink.support.JmsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.jms.JMSException;
import javax.jms.JMSSecurityException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in to the queues, and for how long. */
@Timeout(60)
@ExtendWith(BlockedEventLoops.class)
class AmqpLoginTest {
    private static final int EMPTY_FRAME = 8;

    private final AmqpStage stage = new AmqpStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accessKey=KEY|timestamp=NOW|instanceId=i1",
                "timestamp=NOW|accessKey=KEY",
                "accessKey=KEY|timestamp=NOW|",
                "instanceId=|timestamp=NOW|accessKey=KEY|more"
            })
    void partsOfTheUserMayStandInAnyOrder(String user) throws Exception {
        stage.start().outbox().add(1, "d1");

        try (JmsClient client = login(user, CODE)) {
            assertThat(next(AmqpStage.consumer(client), 1)).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accessKey=KEY",
                "accessKey=KEY|timestamp=soon",
                "accessKey=KEY|timestamp=9999999999999999999",
                "accessKey=KEY|timestamp=0",
                "accessKey=KEY|timestamp=NOW|timestamp=NOW",
                "accessKey=nobody|timestamp=NOW",
                "KEY"
            })
    void whoIsNotKnownByHisUserIsRefused(String user) {
        stage.start();

        assertRefused(() -> login(user, CODE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", CODE + "x", "xFWnSpq2bd8TvYIAwmZ3LKcXs6heGMu8"})
    void wrongCodeIsRefused(String code) {
        stage.start();

        assertRefused(() -> login("accessKey=KEY|timestamp=NOW", code));
    }

    @Test
    void timestampMayBeOffByTheWindow() throws Exception {
        stage.start("AMQP_LOGIN_WINDOW", "5m");
        long now = System.currentTimeMillis();
        long window = Duration.ofMinutes(5).toMillis();

        login("accessKey=KEY|timestamp=" + (now - window + 10_000), CODE).close();
        login("accessKey=KEY|timestamp=" + (now + window - 10_000), CODE).close();
        assertRefused(() -> login("accessKey=KEY|timestamp=" + (now - window - 10_000), CODE));
        assertRefused(() -> login("accessKey=KEY|timestamp=" + (now + window + 30_000), CODE));
    }

    @Test
    void codeForDevicesIsNotOneForQueues() {
        stage.code(AccessCode.Type.MQTT, "other", CODE);
        stage.start();

        assertRefused(() -> login("accessKey=other|timestamp=NOW", CODE));
    }

    @Test
    void otherMechanismsAreRefused() {
        stage.start();

        assertRefused(() -> JmsClient.exactly(
                stage.address(), user("accessKey=KEY|timestamp=NOW"), CODE, "amqp.saslMechanisms=ANONYMOUS"));
        assertThat(EngineClient.mechanisms(stage.port())).containsExactly("PLAIN");
        assertThat(EngineClient.outcomeOf(stage.port(), "EXTERNAL", new byte[0]))
                .isEqualTo(1);
        assertThat(EngineClient.outcomeOf(stage.port(), "PLAIN", new byte[] {(byte) 0xFF}))
                .isEqualTo(1);
    }

    @Test
    void whoFailsTooOftenIsRefusedUnchecked() {
        stage.start();
        for (int i = 0; i < 10; i++) {
            assertRefused(() -> login("accessKey=KEY|timestamp=NOW", "wrong"));
        }

        assertThatThrownBy(() -> login("accessKey=KEY|timestamp=NOW", CODE)).hasRootCauseInstanceOf(Exception.class);
    }

    @Test
    void whoCannotBeCheckedIsAskedToComeAgain() {
        stage.start();
        stage.directoryAway = true;

        assertThat(EngineClient.outcomeOf(stage.port(), "PLAIN", EngineClient.plain(KEY, CODE)))
                .isEqualTo(4);
        stage.directoryAway = false;
        assertThat(EngineClient.outcomeOf(stage.port(), "PLAIN", EngineClient.plain(KEY, CODE)))
                .isEqualTo(0);
    }

    @Test
    void thereAreNoMoreConnectionsThanMayBe() throws Exception {
        stage.start("AMQP_MAX_CONNECTIONS", "1");

        try (JmsClient _ = stage.client()) {
            assertThat(EngineClient.outcomeOf(stage.port(), "PLAIN", EngineClient.plain(KEY, CODE)))
                    .isEqualTo(4);
        }
        await().until(() -> EngineClient.outcomeOf(stage.port(), "PLAIN", EngineClient.plain(KEY, CODE)) == 0);
    }

    @Test
    void newCodeReplacesTheOldOneAndSendsItsConsumersAway() throws Exception {
        stage.start().outbox().add(1, "d1");
        CompletableFuture<JMSException> lost = new CompletableFuture<>();

        try (JmsClient client = stage.client()) {
            client.connection().setExceptionListener(lost::complete);
            assertThat(next(AmqpStage.consumer(client), 1)).containsExactly(1L);
            stage.code(AccessCode.Type.AMQP, KEY, "another");
            Bus.of(stage.vertx).publish(new Notice.AccessCodeReplaced(AmqpStage.PROJECT, true));

            assertThat(lost.get()).hasMessageContaining("the access code was replaced");
            assertRefused(stage::client);
            login("accessKey=KEY|timestamp=NOW", "another").close();
        }
    }

    @Test
    void newCodeNeedNotSendAnybodyAway() throws Exception {
        Outbox outbox = stage.start().outbox();

        try (JmsClient client = stage.client()) {
            var consumer = AmqpStage.consumer(client);
            stage.code(AccessCode.Type.AMQP, KEY, "another");
            Bus.of(stage.vertx).publish(new Notice.AccessCodeReplaced(AmqpStage.PROJECT, false));
            assertRefused(stage::client);
            outbox.add(1, "d1");

            assertThat(next(consumer, 1)).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void portWithTlsServesConsumersToo(String protocol, @TempDir Path files) throws Exception {
        Certificates server = Certificates.selfSigned("localhost");
        stage.start(
                        "AMQPS_PORT",
                        "0",
                        "AMQPS_CERTIFICATE",
                        server.writeCertificate(files.resolve("server.pem")).toString(),
                        "AMQPS_KEY",
                        server.writeKey(files.resolve("server.key")).toString())
                .outbox()
                .add(1, "d1");

        try (JmsClient client = AmqpStage.clientAt(
                "amqps://127.0.0.1:" + stage.tlsPort(),
                "transport.trustAll=true",
                "transport.verifyHost=false",
                "transport.enabledProtocols=" + protocol)) {
            assertThat(next(AmqpStage.consumer(client), 1)).containsExactly(1L);
        }
    }

    @Test
    void whoDoesNotLogInIsClosed() {
        stage.start(50);

        try (EngineClient silent = EngineClient.silent(stage.port())) {
            assertThat(silent.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void whoOpensNoReceiverIsClosed() {
        stage.start(100);

        try (EngineClient idle = EngineClient.open(stage.port(), KEY, CODE, 0)) {
            idle.untilClosed();
            assertThat(idle.error()).isEqualTo("amqp:connection:forced no receiver was opened within 15 seconds");
        }
    }

    /** A consumer may say after which silence it gives a connection up, so it hears something in time. */
    @Test
    void quietConsumerHearsHeartbeats() {
        stage.start();

        try (EngineClient client = EngineClient.open(stage.port(), KEY, CODE, 1000)) {
            client.receive(AmqpStage.QUEUE, 10);
            long before = client.bytesRead();
            client.until(() -> client.bytesRead() >= before + 3 * EMPTY_FRAME);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void consumerThatFallsSilentIsClosed() {
        stage.start(100);

        try (EngineClient client = EngineClient.open(stage.port(), KEY, CODE, 0)) {
            client.receive(AmqpStage.QUEUE, 10);
            client.fallSilent();
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void tooShortIdleTimeOutIsRefused() {
        stage.start();

        try (EngineClient client = EngineClient.open(stage.port(), KEY, CODE, 10)) {
            client.untilClosed();
            assertThat(client.error()).startsWith("amqp:invalid-field");
        }
    }

    private JmsClient login(String user, String code) {
        return JmsClient.exactly(stage.address(), user(user), code);
    }

    private static String user(String pattern) {
        return pattern.replace("KEY", KEY).replace("NOW", Long.toString(System.currentTimeMillis()));
    }

    private static void assertRefused(ThrowingCallable login) {
        assertThatThrownBy(login).hasCauseInstanceOf(JMSSecurityException.class);
    }
}
