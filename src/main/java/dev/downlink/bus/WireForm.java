// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A record between nodes: a byte with the length of its name, the name relative to the project's package, and CBOR of its
 * components. Unknown components are ignored and missing ones are null, so that pods of two versions understand each other.
 */
public final class WireForm {
    private static final String ROOT = "dev.downlink.";
    private static final ObjectMapper CBOR = CBORMapper.builder()
            .addModule(new JavaTimeModule())
            .annotationIntrospector(new SealedTypes())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private static final ClassValue<Outgoing> OUTGOING = new ClassValue<>() {
        @Override
        protected Outgoing computeValue(Class<?> type) {
            return new Outgoing(type);
        }
    };

    /** By name; only of types that there are. */
    private static final Map<String, ObjectReader> INCOMING = new ConcurrentHashMap<>();

    private WireForm() {}

    public static byte[] write(Record value) {
        Outgoing form = OUTGOING.get(value.getClass());
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.write(form.name.length);
        out.writeBytes(form.name);
        try {
            form.writer.writeValue(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException for a record that this version does not know */
    public static Record read(byte[] bytes) {
        int length = bytes[0] & 0xff;
        String name = new String(bytes, 1, length, StandardCharsets.US_ASCII);
        try {
            return INCOMING.computeIfAbsent(name, n -> CBOR.readerFor(type(n)))
                    .readValue(bytes, 1 + length, bytes.length - 1 - length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Class<?> type) {
        String name = type.getName();
        return checked(name.startsWith(ROOT) ? name.substring(ROOT.length()) : name);
    }

    private static Class<? extends Record> type(String name) {
        try {
            return Class.forName(ROOT + checked(name)).asSubclass(Record.class);
        } catch (ClassNotFoundException | ClassCastException e) {
            throw new IllegalArgumentException("this version does not know " + name, e);
        }
    }

    private static String checked(String name) {
        if (!name.startsWith("protocol.") && !name.startsWith("model.")) {
            throw new IllegalArgumentException("not a record of the protocol: " + name);
        }
        return name;
    }

    /** What is looked up once for each type. */
    private static final class Outgoing {
        final byte[] name;
        final ObjectWriter writer;

        Outgoing(Class<?> type) {
            name = name(type).getBytes(StandardCharsets.US_ASCII);
            writer = CBOR.writerFor(type);
        }
    }
}
