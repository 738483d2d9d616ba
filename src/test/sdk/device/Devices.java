// SPDX-License-Identifier: Apache-2.0

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huaweicloud.sdk.iot.device.IoTDevice;
import com.huaweicloud.sdk.iot.device.client.IotResult;
import com.huaweicloud.sdk.iot.device.client.listener.PropertyListener;
import com.huaweicloud.sdk.iot.device.client.requests.Command;
import com.huaweicloud.sdk.iot.device.client.requests.CommandRsp;
import com.huaweicloud.sdk.iot.device.client.requests.DeviceEvent;
import com.huaweicloud.sdk.iot.device.client.requests.DeviceMessage;
import com.huaweicloud.sdk.iot.device.client.requests.PropsGet;
import com.huaweicloud.sdk.iot.device.client.requests.PropsSet;
import com.huaweicloud.sdk.iot.device.client.requests.ServiceProperty;
import com.huaweicloud.sdk.iot.device.client.requests.ShadowRequest;
import com.huaweicloud.sdk.iot.device.gateway.AbstractGateway;
import com.huaweicloud.sdk.iot.device.gateway.GtwOperateSubDeviceListener;
import com.huaweicloud.sdk.iot.device.gateway.SubDevicesPersistence;
import com.huaweicloud.sdk.iot.device.gateway.requests.AddedSubDeviceInfo;
import com.huaweicloud.sdk.iot.device.gateway.requests.AddedSubDeviceInfoRsp;
import com.huaweicloud.sdk.iot.device.gateway.requests.DeviceInfo;
import com.huaweicloud.sdk.iot.device.gateway.requests.GtwAddSubDeviceRsp;
import com.huaweicloud.sdk.iot.device.gateway.requests.GtwDelSubDeviceRsp;
import com.huaweicloud.sdk.iot.device.gateway.requests.SubDevicesInfo;
import com.huaweicloud.sdk.iot.device.service.AbstractService;
import com.huaweicloud.sdk.iot.device.service.DeviceCommand;
import com.huaweicloud.sdk.iot.device.service.Property;
import com.huaweicloud.sdk.iot.device.transport.ActionListener;
import com.huaweicloud.sdk.iot.device.transport.ConnectListener;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Devices on the official device SDK. Reads one order per line of stdin and prints one event per line.
 *
 * <ul>
 *   <li>{@code {"do": "connect", "kind": "listener" | "model" | "gateway", "device", "uri", "secret" | "key_store" + "password",
 *       "ca"?}} → {@code {"event": "init", "device", "code"}}
 *   <li>{@code {"do": "subscribe", "device", "topic"}} → {@code {"event": "subscribed", "device", "topic"}}, and then for each
 *       message {@code {"event": "custom", "device", "topic", "text"}}
 *   <li>{@code {"do": "shadow", "device", "service"?}} asks for the shadow → {@code {"event": "shadow", "device", "request",
 *       "services"}}
 *   <li>{@code {"do": "report", "device", "packed"?, "child"?, "services": [{"service", "properties", "time"?}]}} → {@code
 *       {"event": "reported", "device"}} when it is acknowledged
 *   <li>{@code {"do": "say", "device", "child"?, "text"}} sends a message → {@code {"event": "said", "device"}} likewise
 *   <li>{@code {"do": "time", "device"}} → {@code {"event": "time", "device", "sent", "received", "answered"}}
 *   <li>{@code {"do": "versions", "device", "software", "firmware"}} reports what the device runs.
 *   <li>{@code {"do": "status", "device", "child", "status"}} → {@code {"event": "down", "device", "type", "id", "paras"}}
 *   <li>{@code {"do": "add", "device", "node", "product", "event"}}, {@code {"do": "delete", "device", "child", "event"}} →
 *       {@code {"event": "added" | "deleted", "device", "id", "done": [id, …], "failed": [{…}, …]}}
 *   <li>{@code {"do": "answer", "device", "request", "paras"}} answers a command, whoever received it and when.
 * </ul>
 *
 * A listener and a gateway print each command, {@code {"event": "command", "device", "request", "target"?, "service", "name",
 * "paras"}}, and do with it what its own paras say: {@code answers} (how often, 1 when absent) and {@code result_code}.
 * For each message in the platform's envelope they print {@code {"event": "message", "device", "target", "id", "name",
 * "content"}}, for each other one on the system's topic a listener prints {@code {"event": "raw", "device", "text"}}.
 * They print {@code {"event": "set", "device", "request", "target", "services"}} and {@code {"event": "get", "device",
 * "request", "service"}}, take what they are set, without an answer when a value is -1, and tell {@code {"told": true}}.
 * A gateway begins with the list of sub-devices in version {@code version} (0 when absent) and prints what it hears of it:
 * {@code {"event": "children", "device", "added" | "removed": [id, …], "version"}}.
 * After the end of stdin the program ends by itself if no device is connected.
 */
public final class Devices {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintStream EVENTS = System.out;
    private static final Map<String, IoTDevice> CONNECTED = new ConcurrentHashMap<>();

    public static void main(String[] args) throws Exception {
        System.setOut(System.err);
        List<Thread> connecting = new ArrayList<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode order = JSON.readTree(line);
            switch (order.get("do").asText()) {
                case "connect" -> connecting.add(Thread.startVirtualThread(() -> connect(order)));
                case "answer" -> answer(order);
                case "subscribe" -> subscribe(order);
                case "report" -> report(order);
                case "shadow" -> askForShadow(order);
                case "say" -> say(order);
                case "time" -> time(order);
                case "status" ->
                    gateway(order).reportSubDeviceStatus(text(order, "child"), text(order, "status"), null);
                case "add" -> add(order);
                case "delete" ->
                    gateway(order).gtwDelSubDevice(List.of(text(order, "child")), text(order, "event"), null);
                case "versions" ->
                    CONNECTED
                            .get(text(order, "device"))
                            .getClient()
                            .reportDeviceInfo(text(order, "software"), text(order, "firmware"), null);
                default -> throw new IllegalArgumentException(line);
            }
        }
        for (Thread thread : connecting) {
            thread.join();
        }
        if (!CONNECTED.isEmpty()) {
            System.exit(0);
        }
    }

    private static void connect(JsonNode order) {
        try {
            IoTDevice device = device(order);
            int code = device.init();
            if (code == 0) {
                CONNECTED.put(device.getDeviceId(), device);
            }
            tell(event("init", device).put("code", code));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(JsonNode order) {
        CONNECTED
                .get(order.get("device").asText())
                .getClient()
                .respondCommand(order.get("request").asText(), new CommandRsp(0, order.get("paras")));
    }

    private static String text(JsonNode order, String name) {
        return order.get(name).asText();
    }

    private static GatewayDevice gateway(JsonNode order) {
        return (GatewayDevice) CONNECTED.get(text(order, "device"));
    }

    private static void time(JsonNode order) {
        IoTDevice device = CONNECTED.get(text(order, "device"));
        device.getTimeSyncService()
                .setListener((sent, received, answered) -> tell(event("time", device)
                        .put("sent", sent)
                        .put("received", received)
                        .put("answered", answered)));
        device.getTimeSyncService().requestTimeSync();
    }

    private static void add(JsonNode order) {
        AddedSubDeviceInfo child = new AddedSubDeviceInfo();
        child.setNodeId(text(order, "node"));
        child.setProductId(text(order, "product"));
        child.setName(text(order, "node"));
        gateway(order).gtwAddSubDevice(List.of(child), text(order, "event"), null);
    }

    private static void subscribe(JsonNode order) {
        IoTDevice device = CONNECTED.get(order.get("device").asText());
        String topic = order.get("topic").asText();
        device.getClient()
                .subscribeTopic(
                        topic,
                        new Done(event("subscribed", device).put("topic", topic)),
                        message -> tell(event("custom", device)
                                .put("topic", message.getTopic())
                                .put("text", new String(message.getPayload(), StandardCharsets.UTF_8))),
                        1);
    }

    private static void report(JsonNode order) {
        IoTDevice device = CONNECTED.get(order.get("device").asText());
        List<ServiceProperty> services = new ArrayList<>();
        for (JsonNode one : order.get("services")) {
            ServiceProperty service = new ServiceProperty();
            service.setServiceId(one.get("service").asText());
            service.setProperties(JSON.convertValue(one.get("properties"), new TypeReference<>() {}));
            service.setEventTime(one.has("time") ? one.get("time").asText() : null);
            services.add(service);
        }
        Done told = new Done(event("reported", device));
        if (order.has("child")) {
            ((GatewayDevice) device)
                    .reportSubDeviceProperties(order.get("child").asText(), services, told);
        } else if (order.path("packed").asBoolean()) {
            device.getClient().reportCompressedProperties(services, told);
        } else {
            device.getClient().reportProperties(services, told);
        }
    }

    private static void say(JsonNode order) {
        IoTDevice device = CONNECTED.get(order.get("device").asText());
        DeviceMessage message = new DeviceMessage(order.get("text").asText());
        message.setDeviceId(order.has("child") ? order.get("child").asText() : null);
        device.getClient().reportDeviceMessage(message, new Done(event("said", device)));
    }

    private static void askForShadow(JsonNode order) {
        IoTDevice device = CONNECTED.get(order.get("device").asText());
        device.getClient()
                .setShadowListener((request, services) -> tell(
                        event("shadow", device).put("request", request).set("services", JSON.valueToTree(services))));
        ShadowRequest question = new ShadowRequest();
        question.setDeviceId(device.getDeviceId());
        question.setServiceId(order.path("service").textValue());
        device.getClient().getShadow(question, null);
    }

    private static IoTDevice device(JsonNode order) throws GeneralSecurityException, IOException {
        return switch (order.get("kind").asText()) {
            case "gateway" -> new GatewayDevice(order);
            case "model" -> model(plain(order));
            case "listener" -> listener(plain(order));
            default -> throw new IllegalArgumentException(order.toString());
        };
    }

    private static IoTDevice plain(JsonNode order) throws GeneralSecurityException, IOException {
        String uri = order.get("uri").asText();
        String id = order.get("device").asText();
        File ca = order.has("ca") ? new File(order.get("ca").asText()) : null;
        if (order.has("key_store")) {
            String password = order.get("password").asText();
            return new IoTDevice(
                    uri, id, keyStore(Path.of(order.get("key_store").asText()), password), password, ca);
        }
        return new IoTDevice(uri, id, order.get("secret").asText(), ca);
    }

    private static KeyStore keyStore(Path file, String password) throws GeneralSecurityException, IOException {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keyStore.load(in, password.toCharArray());
        }
        return keyStore;
    }

    private static IoTDevice model(IoTDevice device) {
        device.addService("WaterMeter", new WaterMeter());
        return device;
    }

    private static IoTDevice listener(IoTDevice device) {
        device.getClient().setConnectListener(new Connection(device));
        device.getClient().setCommandListener((request, service, name, paras) -> {
            ObjectNode event = event("command", device).put("request", request);
            event.put("service", service).put("name", name).set("paras", JSON.valueToTree(paras));
            obey(device, request, paras, event);
        });
        device.getClient().setPropertyListener(new Properties(device));
        device.getClient().setDeviceMessageListener(message -> tell(message(device, message)));
        device.getClient().setRawDeviceMessageListener(message -> {
            if (message.toDeviceMessage() == null) {
                tell(event("raw", device).put("text", message.toUTF8String()));
            }
        });
        return device;
    }

    /** The answers go out before the events are told, as with commands. */
    private record Properties(IoTDevice device) implements PropertyListener {
        private static final int SILENCE = -1;

        @Override
        public void onPropertiesSet(String request, List<ServiceProperty> services) {
            set(device, request, device.getDeviceId(), services);
        }

        @Override
        public void onPropertiesGet(String request, String service) {
            get(device, request, service);
        }

        static void set(IoTDevice device, String request, String target, List<ServiceProperty> services) {
            if (services.stream().noneMatch(s -> s.getProperties().containsValue(SILENCE))) {
                device.getClient().respondPropsSet(request, IotResult.SUCCESS);
            }
            ObjectNode event = event("set", device).put("request", request).put("target", target);
            tell(event.set("services", JSON.valueToTree(services)));
        }

        static void get(IoTDevice device, String request, String service) {
            ServiceProperty told = new ServiceProperty();
            told.setServiceId(service);
            told.setProperties(Map.of("told", true));
            device.getClient().respondPropsGet(request, List.of(told));
            tell(event("get", device).put("request", request).put("service", service));
        }
    }

    private static ObjectNode message(IoTDevice device, DeviceMessage message) {
        return event("message", device)
                .put("target", message.getDeviceId())
                .put("id", message.getId())
                .put("name", message.getName())
                .put("content", message.getContent());
    }

    /** The answers go out before the event is told, so whoever heard of the command knows that it is answered. */
    private static void obey(IoTDevice device, String request, Map<String, Object> paras, ObjectNode event) {
        CommandRsp response = new CommandRsp((int) paras.getOrDefault("result_code", 0), paras);
        response.setResponseName("COMMAND_RESPONSE");
        int answers = (int) paras.getOrDefault("answers", 1);
        for (int i = 0; i < answers; i++) {
            device.getClient().respondCommand(request, response);
        }
        tell(event);
    }

    private static ObjectNode event(String name, IoTDevice device) {
        return JSON.createObjectNode().put("event", name).put("device", device.getDeviceId());
    }

    private static void tell(ObjectNode event) {
        EVENTS.println(event);
    }

    private record Connection(IoTDevice device) implements ConnectListener {

        @Override
        public void connectionLost(Throwable cause) {
            tell(event("lost", device));
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            tell(event("connected", device));
        }
    }

    /** Tells the event when the gateway has said yes. */
    private record Done(ObjectNode event) implements ActionListener {

        @Override
        public void onSuccess(Object context) {
            tell(event);
        }

        @Override
        public void onFailure(Object context, Throwable cause) {
            throw new IllegalStateException(event.toString(), cause);
        }
    }

    /** A device in the manner of the thing model: the SDK finds the method and sends what it returns. */
    public static final class WaterMeter extends AbstractService {
        @Property(name = "interval")
        private int interval;

        public int getInterval() {
            return interval;
        }

        public void setInterval(int interval) {
            this.interval = interval;
        }

        @DeviceCommand(name = "ON_OFF")
        public CommandRsp onOff(Map<String, Object> paras) {
            return new CommandRsp(0, Map.of("state", paras.get("value")));
        }
    }

    /** Answers for its sub-devices. */
    private static final class GatewayDevice extends AbstractGateway {

        GatewayDevice(JsonNode order) {
            super(
                    new SubDevices(
                            order.get("device").asText(), order.path("version").asLong()),
                    order.get("uri").asText(),
                    order.get("device").asText(),
                    order.get("secret").asText(),
                    null);
            setGtwOperateSubDeviceListener(new Operations(this));
        }

        @Override
        public void onSubdevCommand(String request, Command command) {
            ObjectNode event = event("command", this).put("request", request).put("target", command.getDeviceId());
            event.put("service", command.getServiceId()).put("name", command.getCommandName());
            event.set("paras", JSON.valueToTree(command.getParas()));
            obey(this, request, command.getParas(), event);
        }

        @Override
        public void onSubdevPropertiesSet(String request, PropsSet properties) {
            Properties.set(this, request, properties.getDeviceId(), properties.getServices());
        }

        @Override
        public void onSubdevPropertiesGet(String request, PropsGet properties) {
            Properties.get(this, request, properties.getServiceId());
        }

        @Override
        public void onSubdevMessage(DeviceMessage message) {
            tell(message(this, message));
        }

        @Override
        public void onSubdevEvent(String device, DeviceEvent event) {
            tell(event("down", this)
                    .put("type", event.getEventType())
                    .put("id", event.getEventId())
                    .set("paras", JSON.valueToTree(event.getParas())));
        }
    }

    /** What became of sub-devices that the gateway itself added or deleted. */
    private record Operations(IoTDevice device) implements GtwOperateSubDeviceListener {

        @Override
        public void onAddSubDeviceRsp(GtwAddSubDeviceRsp answer, String event) {
            List<String> done = answer.getAddedSubDeviceInfoRsps().stream()
                    .map(AddedSubDeviceInfoRsp::getDeviceId)
                    .toList();
            print("added", event, done, answer.getAddSubDeviceFailedReasons());
        }

        @Override
        public void onDelSubDeviceRsp(GtwDelSubDeviceRsp answer, String event) {
            print("deleted", event, answer.getSuccessfulDevices(), answer.getFailedDevices());
        }

        private void print(String name, String id, List<String> done, List<?> failed) {
            ObjectNode event = event(name, device).put("id", id);
            event.set("done", JSON.valueToTree(done));
            tell(event.set("failed", JSON.valueToTree(failed)));
        }
    }

    /** The list of a gateway's sub-devices, which takes nothing older than what it has, as the SDK's own example. */
    private static final class SubDevices implements SubDevicesPersistence {
        private final String gateway;
        private long version;

        SubDevices(String gateway, long version) {
            this.gateway = gateway;
            this.version = version;
        }

        @Override
        public DeviceInfo getSubDevice(String node) {
            return null;
        }

        @Override
        public synchronized int addSubDevices(SubDevicesInfo added) {
            return take("added", added);
        }

        @Override
        public synchronized int deleteSubDevices(SubDevicesInfo deleted) {
            return take("removed", deleted);
        }

        private int take(String what, SubDevicesInfo info) {
            if (info.getVersion() <= version) {
                return -1;
            }
            version = info.getVersion();
            ObjectNode event = JSON.createObjectNode().put("event", "children").put("device", gateway);
            event.set(
                    what,
                    JSON.valueToTree(info.getDevices().stream()
                            .map(DeviceInfo::getDeviceId)
                            .toList()));
            tell(event.put("version", version));
            return 0;
        }

        @Override
        public synchronized long getVersion() {
            return version;
        }
    }
}
