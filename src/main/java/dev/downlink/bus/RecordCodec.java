// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.io.UncheckedIOException;
import java.util.function.Function;

/** Takes immutable values through the event bus: by reference inside a node, as {@link WireForm} between nodes. */
final class RecordCodec<T> implements MessageCodec<T, Object> {
    static final String RECORDS = "record";

    private final String name;
    private final Function<T, Record> toRecord;
    private final Function<Record, T> fromRecord;

    private RecordCodec(String name, Function<T, Record> toRecord, Function<Record, T> fromRecord) {
        this.name = name;
        this.toRecord = toRecord;
        this.fromRecord = fromRecord;
    }

    static void register(EventBus eventBus) {
        RecordCodec<Record> records = ofRecords();
        eventBus.registerCodec(records);
        eventBus.codecSelector(body -> body instanceof Record ? records.name : null);
        eventBus.registerDefaultCodec(
                Refusal.class,
                new RecordCodec<>(
                        "refusal", r -> (Record) r.failure(), r -> new Refusal((dev.downlink.protocol.Failure) r)));
    }

    static RecordCodec<Record> ofRecords() {
        return new RecordCodec<>(RECORDS, r -> r, r -> r);
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        byte[] bytes = WireForm.write(toRecord.apply(value));
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    /** What cannot be read becomes a refusal: the event bus would let whoever waits for it wait for ever. */
    @Override
    public Object decodeFromWire(int pos, Buffer buffer) {
        int start = pos + Integer.BYTES;
        try {
            return fromRecord.apply(WireForm.read(buffer.getBytes(start, start + buffer.getInt(pos))));
        } catch (IllegalArgumentException | ClassCastException | UncheckedIOException e) {
            return new Refusal(Incidents.failure(e, "what another node sent"));
        }
    }

    @Override
    public Object transform(T value) {
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
