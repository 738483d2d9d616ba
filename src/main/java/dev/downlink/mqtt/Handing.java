// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Receipts.Receipt;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.UplinkRequest;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import io.vertx.core.AsyncResult;

/**
 * Hands what devices say to the uplink room, and acknowledges it when that room has answered: what is acknowledged is kept
 * wherever it is to be kept. Holds a bounded number of bytes; what is beyond is not taken. Belongs to one verticle instance.
 */
final class Handing {
    private static final long MAX_HELD = 64L << 20;

    private final Adapter adapter;
    private long held;

    Handing(Adapter adapter) {
        this.adapter = adapter;
    }

    /** @param size of what is held meanwhile, in bytes */
    void hand(Receipt receipt, int size, UplinkRequest<Done> request) {
        if (held + size > MAX_HELD) {
            receipt.abandon(PubAck.QUOTA_EXCEEDED);
            return;
        }
        held += size;
        adapter.bus().ask(request).onComplete(result -> {
            held -= size;
            settle(receipt, result);
        });
    }

    private static void settle(Receipt receipt, AsyncResult<Done> result) {
        if (result.succeeded()) {
            receipt.settle(PubAck.SUCCESS);
            return;
        }
        switch (failure(result.cause())) {
            case Failure.DeviceNotFound _ -> receipt.drop(Dropped.DEVICE_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
            case Failure.Invalid _ -> receipt.drop(Dropped.REPORT_UNREADABLE, PubAck.PAYLOAD_FORMAT_INVALID);
            case Failure.Busy _ -> receipt.abandon(PubAck.QUOTA_EXCEEDED);
            default -> receipt.abandon(PubAck.IMPLEMENTATION_SPECIFIC_ERROR);
        }
    }

    private static Failure failure(Throwable e) {
        return e instanceof Failed failed ? failed.failure() : new Failure.StorageUnavailable();
    }
}
