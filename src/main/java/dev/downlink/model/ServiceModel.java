// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One service of a product model (northbound §1.1). */
public record ServiceModel(
        String serviceId,
        String serviceType,
        List<Property> properties,
        List<Command> commands,
        List<Event> events,
        @Nullable String description,
        @Nullable String option) {

    public static final int MAX_ITEMS = 500;

    private static final Set<String> OPTIONS = Set.of("Master", "Mandatory", "Optional");

    public ServiceModel {
        if (Text.present("service_id", serviceId).indexOf('$') < 0) {
            Text.words("service_id", serviceId, 64);
        } else {
            Text.words("service_id", serviceId.replace('$', '_'), 64);
        }
        Text.upTo("service_type", Text.present("service_type", serviceType), 64);
        Text.optional("description", description, 128);
        properties = few("properties", properties);
        commands = few("commands", commands);
        events = few("events", events);
        if (option != null && !OPTIONS.contains(option)) {
            throw new InvalidField("option", "must be Master, Mandatory or Optional");
        }
        Unique.names("property_name", properties, Property::name);
        Unique.names("command_name", commands, Command::name);
        Unique.names("event_type", events, Event::type);
    }

    public Optional<Command> command(String name) {
        for (Command command : commands) {
            if (command.name().equals(name)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    public Optional<Property> property(String name) {
        for (Property property : properties) {
            if (property.name().equals(name)) {
                return Optional.of(property);
            }
        }
        return Optional.empty();
    }

    private static <T> List<T> few(String field, List<T> items) {
        if (items.size() > MAX_ITEMS) {
            throw new InvalidField(field, "must not have more than " + MAX_ITEMS + " entries");
        }
        return List.copyOf(items);
    }

    /**
     * A value that a device reports or takes.
     *
     * @param method any of R, W and E, each once: readable, writable, reported on change
     * @param defaultValue goes into the shadow's desired part when a device is created; any JSON
     */
    public record Property(
            Para value, String method, @Nullable Json defaultValue) {
        private static final Set<String> METHODS = Set.of("RWE", "RW", "RE", "WE", "E", "W", "R");

        public Property {
            String name = Text.upTo("property_name", Text.present("property_name", value.name()), 64);
            if (name.indexOf('.') >= 0 || name.indexOf('$') >= 0 || name.indexOf('\0') >= 0) {
                throw new InvalidField("property_name", "must not contain '.', '$' or NUL");
            }
            if (!METHODS.contains(method)) {
                throw new InvalidField("method", "must be one of RWE, RW, RE, WE, E, W, R");
            }
        }

        public String name() {
            return value.name();
        }

        public boolean writable() {
            return method.indexOf('W') >= 0;
        }
    }

    /** A command and the answers that a device may give. */
    public record Command(String name, List<Para> paras, List<Response> responses) {
        public Command {
            Text.upTo("command_name", Text.present("command_name", name), 64);
            paras = Unique.paras(paras);
            responses = List.copyOf(responses);
        }

        /** Whether one of the parameters has that name. */
        public boolean takes(String para) {
            for (Para one : paras) {
                if (one.name().equals(para)) {
                    return true;
                }
            }
            return false;
        }
    }

    public record Response(String name, List<Para> paras) {
        public Response {
            Text.upTo("response_name", Text.present("response_name", name), 128);
            paras = Unique.paras(paras);
        }
    }

    public record Event(String type, List<Para> paras) {
        public Event {
            Text.upTo("event_type", Text.present("event_type", type), 32);
            paras = Unique.paras(paras);
        }
    }
}
