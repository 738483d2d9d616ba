// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Channel;
import java.util.stream.Collectors;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the errors of Kafka's client mean for an event, in words for people who look after a rule. */
final class KafkaErrors {
    private static final int MAX_TEXT = 300;

    private final Channel.Kafka channel;

    KafkaErrors(Channel.Kafka channel) {
        this.channel = channel;
    }

    Fate fate(Throwable error) {
        return switch (error) {
            case RecordTooLargeException _,
                    RecordBatchTooLargeException _,
                    SerializationException _,
                    InvalidTimestampException _,
                    InvalidRecordException _ -> new Fate.Refused(told(error));
            default -> new Fate.Failed(text(error));
        };
    }

    String text(Throwable error) {
        return switch (error) {
            case UnknownTopicOrPartitionException _ -> "there is no topic " + channel.topic();
            case InvalidTopicException _ -> channel.topic() + " cannot be the name of a topic";
            case TopicAuthorizationException _ -> who() + " may not write to the topic " + channel.topic();
            case AuthorizationException _ -> who() + " may not do that: " + told(error);
            case SslAuthenticationException _ -> "TLS with " + addresses() + " fails: " + root(error);
            case AuthenticationException _ -> "the login is refused: " + told(error);
            case TimeoutException late
            when late.getCause() instanceof UnknownTopicOrPartitionException unknown -> text(unknown);
            case TimeoutException _ -> "no answer of " + addresses() + " in time: " + told(error);
            default -> root(error);
        };
    }

    String addresses() {
        return KafkaAccess.addresses(channel.addresses()).collect(Collectors.joining(","));
    }

    private String who() {
        return channel.username() == null ? "who is not logged in" : channel.username();
    }

    /** The outer errors of the client only say that it could not be made. */
    private static String root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return told(root);
    }

    private static String told(Throwable error) {
        String message = error.getMessage();
        String text = message == null ? error.getClass().getSimpleName() : message;
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
