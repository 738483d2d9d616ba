// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import org.jspecify.annotations.Nullable;

/**
 * A message as an application sends it (northbound §2.1).
 *
 * @param content any JSON, kept as it came; a JSON string when the encoding is Base64
 * @param topic what follows {@code $oc/devices/{device}/user/}; a topic of the product
 * @param topicFullName any topic, not checked; never together with {@code topic}
 * @param ttl how long it may wait for the device, in minutes; 0 not at all
 */
public record Message(
        MessageId id,
        @Nullable String name,
        Json content,
        Encoding encoding,
        Format format,
        @Nullable String topic,
        @Nullable String topicFullName,
        @Nullable MessageProperties properties,
        int ttl) {
    /** Of a name and of both kinds of topic, in characters. */
    public static final int MAX_TEXT = 128;
    /** The step of a ttl, in minutes. */
    public static final int TTL_STEP = 5;

    public Message {
        Text.optionalWords("name", name, MAX_TEXT);
        Text.optional("topic", topic, MAX_TEXT);
        if (topic != null && topicFullName != null) {
            throw new InvalidField("topic_full_name", "must not be given together with topic");
        }
        if (topicFullName != null) {
            Text.upTo("topic_full_name", Text.present("topic_full_name", topicFullName), MAX_TEXT);
            Topics.checkName("topic_full_name", topicFullName);
        }
        if (ttl < 0 || ttl % TTL_STEP != 0) {
            throw new InvalidField("ttl", "must be 0 or a multiple of " + TTL_STEP + " minutes");
        }
    }

    /** How {@code content} is to be read. */
    public enum Encoding {
        NONE,
        BASE64
    }

    /** Whether the device gets the content alone or in the envelope of the platform (southbound §2.2). */
    public enum Format {
        STANDARD,
        RAW
    }

    /** Whether the device gets the content without an envelope; Base64 is always passed through (southbound §2.2). */
    public boolean isRaw() {
        return format == Format.RAW || encoding == Encoding.BASE64;
    }

    /** Where the device that has the connection receives it. */
    public String topicOn(DeviceId connection) {
        if (topicFullName != null) {
            return topicFullName;
        }
        return topic == null ? Topics.messagesDown(connection) : Topics.custom(connection, topic);
    }
}
