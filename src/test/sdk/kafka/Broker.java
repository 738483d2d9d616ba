// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka node that is broker and controller. The first line of its input names the file of its properties, in which
 * {@code scram.users} are the users for SCRAM-SHA-512, each {@code name=…,password=…}. Says "ready"; ends when its input does.
 */
class Broker {
    public static void main(String... none) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        Path file = Path.of(input.readLine());
        Properties properties = new Properties();
        try (FileReader text = new FileReader(file.toFile())) {
            properties.load(text);
        }
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            format(file, properties.getProperty("scram.users"));
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        System.out.println("ready");
        while (input.readLine() != null) {}
        server.shutdown();
        System.exit(0);
    }

    private static void format(Path file, String users) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("format", "--cluster-id", "MkU3OEVBNTcwNTJENDM2Qk", "--config", file.toString()));
        for (String user : users.split(";")) {
            arguments.add("--add-scram");
            arguments.add("SCRAM-SHA-512=[" + user + "]");
        }
        int code = StorageTool.execute(arguments.toArray(String[]::new), System.err);
        if (code != 0) {
            throw new IllegalStateException("cannot format: " + code);
        }
    }
}
