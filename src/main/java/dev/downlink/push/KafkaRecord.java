// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.event.Content;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An event on its way to Kafka. Attributes of CloudEvents are headers {@code ce_…}, as CloudEvents' binding to Kafka has it. The
 * record's time is that of its sending: with the event's own a topic that keeps records for a short time would throw away at
 * once what waited for longer.
 */
final class KafkaRecord {
    private final ProducerRecord<String, byte[]> content;
    private final Promise<Fate> fate;
    private final AtomicBoolean isSettled = new AtomicBoolean();

    KafkaRecord(String topic, Parcel parcel, Promise<Fate> fate) {
        this.fate = fate;
        Content written = parcel.content();
        content = new ProducerRecord<>(topic, parcel.key(), written.body().getBytes());
        header("content-type", written.type());
        written.attributes().forEach((name, value) -> header("ce_" + name, value));
    }

    ProducerRecord<String, byte[]> content() {
        return content;
    }

    int bytes() {
        return content.value().length;
    }

    Promise<Fate> fate() {
        return fate;
    }

    /** Whether nobody has said before that it is settled. Safe for all threads. */
    boolean settle() {
        return isSettled.compareAndSet(false, true);
    }

    private void header(String name, String value) {
        var _ = content.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
