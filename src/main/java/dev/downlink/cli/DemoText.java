// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Gateway;
import dev.downlink.simulator.DeviceLogin;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** What the demo prints: addresses, keys, and lines that can be pasted into a shell as they are. */
final class DemoText {
    private static final String COMMAND = """
        {"service_id":"WaterMeter","command_name":"ON_OFF","paras":{"value":"ON"}}\
        """;

    private static final String PROPERTIES = """
        {"services":[{"service_id":"WaterMeter","properties":{"interval":15}}]}\
        """;

    private DemoText() {}

    /** @param simulated node of the device that answers, {@code yours} of the one that nobody plays yet */
    static String of(Gateway gateway, DemoSecrets secrets, DemoClient client, String simulated, String yours) {
        Map<String, Integer> ports = gateway.ports();
        String host = gateway.settings().host();
        Path dataDir = gateway.settings().dataDir().normalize();
        return """

            Downlink is ready. A simulated water meter is connected and answers.

              HTTP   %1$s:%2$d
              MQTT   %1$s:%3$d, with TLS %1$s:%4$d (self-signed, %5$s)
              project %6$s   access key %7$s   secret key %8$s   user %9$s   password %10$s

            Send it a command (the token in the line is valid for %11$d h):

            %12$s

            Set one of its properties, and ask it what it has now:

            %15$s

            %16$s

            Be a water meter yourself: watch with mosquitto what a device is sent,

            %13$s

            and command it from another shell (it does not answer, so the command times out):

            %14$s

            Ctrl-C stops; the next start keeps everything.
            """.formatted(
                        host,
                        ports.get("http"),
                        ports.get("mqtt"),
                        ports.get("mqtts"),
                        dataDir.resolve("demo-certificate.pem"),
                        DemoProject.PROJECT,
                        DemoProject.ACCESS_KEY,
                        secrets.secretKey().value(),
                        DemoProject.USER,
                        secrets.password().value(),
                        gateway.settings().security().tokenLifetime().toHours(),
                        curl(client, simulated),
                        mosquitto(gateway, secrets, yours),
                        curl(client, yours),
                        set(client, simulated),
                        get(client, simulated));
    }

    private static String curl(DemoClient client, String node) {
        return """
            curl -sS '%s' \\
              -H 'X-Auth-Token: %s' \\
              -H 'Content-Type: application/json' \\
              -d '%s'\
            """.formatted(client.commands(node), client.token().value(), COMMAND);
    }

    private static String set(DemoClient client, String node) {
        return """
            curl -sS -X PUT '%s' \\
              -H 'X-Auth-Token: %s' \\
              -H 'Content-Type: application/json' \\
              -d '%s'\
            """.formatted(client.properties(node), client.token().value(), PROPERTIES);
    }

    private static String get(DemoClient client, String node) {
        return """
            curl -sS '%s?service_id=WaterMeter' \\
              -H 'X-Auth-Token: %s'\
            """.formatted(client.properties(node), client.token().value());
    }

    private static String mosquitto(Gateway gateway, DemoSecrets secrets, String node) {
        DeviceLogin login = DeviceLogin.unbound(Instant.now(), DemoClient.device(node), secrets.device());
        return """
            mosquitto_sub -h %s -p %d -i '%s' -u '%s' \\
              -P '%s' -v -t '$oc/devices/%s/sys/#'\
            """.formatted(
                        gateway.settings().host(),
                        gateway.ports().get("mqtt"),
                        login.clientId(),
                        login.userName(),
                        login.password().value(),
                        login.userName());
    }
}
