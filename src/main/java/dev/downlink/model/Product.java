// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind of device and its model: what it can be told and what it reports (northbound §1.1).
 *
 * @param messageCache absent: as the settings say for all products
 * @param version grows with every change, so that two changes at once do not overwrite each other
 */
public record Product(
        RecordId recordId,
        ProjectId project,
        SpaceId space,
        ProductId id,
        String name,
        String deviceType,
        String protocolType,
        String dataFormat,
        @Nullable String manufacturerName,
        @Nullable String industry,
        @Nullable String description,
        List<ServiceModel> services,
        List<CustomTopic> topics,
        @Nullable MessageCache messageCache,
        Instant created,
        int version) {

    public static final int MAX_SERVICES = 500;

    private static final Set<String> PROTOCOLS =
            Set.of("MQTT", "CoAP", "HTTP", "HTTPS", "Modbus", "ONVIF", "OPC-UA", "OPC-DA", "Other", "TCP", "UDP");

    public Product {
        Text.words("name", name, 64);
        Text.words("device_type", deviceType, 32);
        if (!PROTOCOLS.contains(protocolType)) {
            throw new InvalidField(
                    "protocol_type",
                    "must be one of MQTT, CoAP, HTTP, HTTPS, Modbus, ONVIF, OPC-UA, OPC-DA, Other, TCP, UDP");
        }
        if (!dataFormat.equals("json") && !dataFormat.equals("binary")) {
            throw new InvalidField("data_format", "must be json or binary");
        }
        Text.optional("manufacturer_name", manufacturerName, 32);
        Text.optional("industry", industry, 64);
        Text.optional("description", description, 128);
        if (services.size() > MAX_SERVICES) {
            throw new InvalidField("service_capabilities", "must not have more than " + MAX_SERVICES + " services");
        }
        services = List.copyOf(services);
        topics = List.copyOf(topics);
        Unique.names("service_id", services, ServiceModel::serviceId);
        Unique.names("topic", topics, CustomTopic::suffix);
    }

    public Optional<ServiceModel> service(String serviceId) {
        for (ServiceModel service : services) {
            if (service.serviceId().equals(serviceId)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    public Optional<CustomTopic> topic(String suffix) {
        return topics.stream().filter(t -> t.suffix().equals(suffix)).findFirst();
    }

    /**
     * Checks a command against the model (northbound §3.1: the keys of {@code paras} are the model's para names).
     *
     * @throws InvalidField naming service_id, command_name or the offending parameter
     */
    public void checkCommand(String serviceId, @Nullable String commandName, Map<String, ?> paras) {
        ServiceModel service = knownService("service_id", serviceId);
        if (commandName == null) {
            throw new InvalidField("command_name", "is mandatory when service_id is given");
        }
        ServiceModel.Command command = service.command(commandName)
                .orElseThrow(() -> new InvalidField(
                        "command_name", "'" + commandName + "' is not a command of service " + serviceId));
        for (String key : paras.keySet()) {
            if (!command.takes(key)) {
                throw new InvalidField("paras." + key, "is not a parameter of command " + commandName);
            }
        }
        for (Para para : command.paras()) {
            para.complaint(paras.get(para.name())).ifPresent(why -> {
                throw new InvalidField("paras." + para.name(), why);
            });
        }
    }

    /**
     * Checks values that a device is to take (northbound §3.2). What is not named is left alone, mandatory or not.
     *
     * @throws InvalidField naming the offending service or property with its whole path
     */
    public void checkProperties(List<ServiceProperties> values) {
        for (int i = 0; i < values.size(); i++) {
            check("services[" + i + "].", "properties.", values.get(i));
        }
    }

    /**
     * Checks a value that a service is wanted to have in its shadow (northbound §3.3).
     *
     * @param index of the service in the request
     * @throws InvalidField naming the offending service or property with its whole path
     */
    public void checkDesired(int index, ServiceProperties values) {
        check("shadow[" + index + "].", "desired.", values);
    }

    private void check(String path, String object, ServiceProperties values) {
        ServiceModel service = knownService(path + "service_id", values.serviceId());
        values.properties().forEach((name, value) -> checkProperty(path + object + name, service, name, value));
    }

    private static void checkProperty(String path, ServiceModel service, String name, @Nullable Object value) {
        ServiceModel.Property property = service.property(name)
                .orElseThrow(() -> new InvalidField(path, "is not a property of service " + service.serviceId()));
        if (!property.writable()) {
            throw new InvalidField(path, "is not writable");
        }
        property.value().complaint(value).ifPresent(why -> {
            throw new InvalidField(path, why);
        });
    }

    /**
     * Checks that a device has the service (northbound §3.2).
     *
     * @throws InvalidField naming service_id
     */
    public void checkService(String serviceId) {
        var _ = knownService("service_id", serviceId);
    }

    private ServiceModel knownService(String field, String serviceId) {
        return service(serviceId)
                .orElseThrow(() -> new InvalidField(field, "'" + serviceId + "' is not in product " + id));
    }

    public Product withTopics(List<CustomTopic> changed) {
        return copy(changed, messageCache, version);
    }

    public Product withMessageCache(@Nullable MessageCache changed) {
        return copy(topics, changed, version);
    }

    public Product withVersion(int changed) {
        return copy(topics, messageCache, changed);
    }

    private Product copy(List<CustomTopic> copiedTopics, @Nullable MessageCache copiedCache, int copiedVersion) {
        return new Product(
                recordId,
                project,
                space,
                id,
                name,
                deviceType,
                protocolType,
                dataFormat,
                manufacturerName,
                industry,
                description,
                services,
                copiedTopics,
                copiedCache,
                created,
                copiedVersion);
    }
}
