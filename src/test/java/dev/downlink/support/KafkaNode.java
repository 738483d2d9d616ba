// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A real Kafka node in a process of its own. Its listener without login is reached through a wire that can be cut; who comes
 * there may do everything. Users of the others: {@value #PLAIN_USER} (PLAIN) and {@value #SCRAM_USER} (SCRAM-SHA-512), with the
 * password {@value #PASSWORD}.
 */
public final class KafkaNode implements AutoCloseable {
    public static final String PLAIN_USER = "alice";
    public static final String SCRAM_USER = "bob";
    public static final String PASSWORD = "a \"quoted\" secret";

    private static final String SASL = "org.apache.kafka.common.security.";

    private final Path directory;
    private final int plainPort = freePort();
    private final int loginPort = freePort();
    private final int tlsPort = freePort();
    private final TcpRelay relay = new TcpRelay("127.0.0.1", plainPort);
    private ForkedProgram program;
    private Admin admin;

    /** @param directory of its data; its certificate is there as {@code kafka.pem} */
    public KafkaNode(Path directory) {
        this.directory = directory;
        writeProperties();
        start();
    }

    /** Where it is reached without login. */
    public int port() {
        return relay.port();
    }

    public int loginPort() {
        return loginPort;
    }

    /** With login too. */
    public int tlsPort() {
        return tlsPort;
    }

    public TcpRelay wire() {
        return relay;
    }

    public void start() {
        program = ForkedProgram.source("kafka", "target/sdk/kafka/*", Path.of("src/test/sdk/kafka/Broker.java"));
        program.tell(directory.resolve("kafka.properties").toString());
        String _ = program.hear("ready"::equals);
    }

    /** Like kill -9. */
    public void kill() {
        program.close();
    }

    public void createTopic(String name, int partitions, Map<String, String> settings) {
        get(admin().createTopics(Set.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                .all());
    }

    public void forbidWriting(String topic, String user) {
        get(admin().createAcls(Set.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                        new AccessControlEntry("User:" + user, "*", AclOperation.WRITE, AclPermissionType.DENY))))
                .all());
    }

    /** All records of a topic, each partition from its beginning. */
    public List<ConsumerRecord<String, String>> read(String topic) {
        Map<String, Object> properties = Map.of("bootstrap.servers", "127.0.0.1:" + plainPort);
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        program.close();
        relay.close();
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + relay.port()));
        }
        return admin;
    }

    private void writeProperties() {
        Certificates certificate = Certificates.selfSigned("localhost");
        var _ = certificate.writeCertificate(directory.resolve("kafka.pem"));
        var _ = certificate.writeKey(directory.resolve("kafka.key"));
        int controllerPort = freePort();
        Properties all = new Properties();
        all.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "PLAINTEXT",
                "log.dirs", directory.resolve("data").toString(),
                "auto.create.topics.enable", "false",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS",
                "allow.everyone.if.no.acl.found", "true"));
        all.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,LOGIN://127.0.0.1:%d,TLS://127.0.0.1:%d"
                        .formatted(plainPort, controllerPort, loginPort, tlsPort));
        all.put(
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:%d,LOGIN://127.0.0.1:%d,TLS://localhost:%d"
                        .formatted(relay.port(), loginPort, tlsPort));
        all.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT,TLS:SASL_SSL");
        addUsers(all);
        addTls(all, directory);
        try (Writer out = Files.newBufferedWriter(directory.resolve("kafka.properties"))) {
            all.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addUsers(Properties all) {
        String password = PASSWORD.replace("\"", "\\\"");
        for (String listener : List.of("login", "tls")) {
            all.put(
                    "listener.name." + listener + ".plain.sasl.jaas.config",
                    SASL + "plain.PlainLoginModule required user_" + PLAIN_USER + "=\"" + password + "\";");
            all.put(
                    "listener.name." + listener + ".scram-sha-512.sasl.jaas.config",
                    SASL + "scram.ScramLoginModule required;");
        }
        all.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        all.put("scram.users", "name=" + SCRAM_USER + ",password=" + PASSWORD);
    }

    private static void addTls(Properties all, Path directory) {
        try {
            all.put("listener.name.tls.ssl.keystore.type", "PEM");
            all.put(
                    "listener.name.tls.ssl.keystore.certificate.chain",
                    Files.readString(directory.resolve("kafka.pem")));
            all.put("listener.name.tls.ssl.keystore.key", Files.readString(directory.resolve("kafka.key")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> void get(KafkaFuture<T> future) {
        try {
            T _ = future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
