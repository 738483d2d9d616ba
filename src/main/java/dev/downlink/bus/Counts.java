// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.eventbus.ReplyException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests by type and outcome: where they are answered, or, when nobody did that, where they were asked. Safe for
 * all threads.
 */
final class Counts {
    private final Telemetry telemetry;
    private final Map<Class<?>, Tally<Outcome>> unanswered = new ConcurrentHashMap<>();

    Counts(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** Counters for a type of requests; each caller has its own, of which the meter shows the sum. */
    Tally<Outcome> tally(Class<?> request) {
        return telemetry.tally(MeterName.BUS_REQUESTS, Outcome.class, request.getSimpleName());
    }

    /** Of what nobody answers, which is rare. */
    private void count(Object request, Outcome outcome) {
        unanswered.computeIfAbsent(request.getClass(), this::tally).count(outcome);
    }

    /** What the asker is told, whatever kept its request from being answered; counts what nobody else can count. */
    Failed failed(Throwable e, String address, Request<?> request) {
        return switch (e) {
            case Refusal refusal -> new Failed(refusal.failure());
            case ReplyException reply
            when Bus.isGone(reply) -> {
                count(request, Outcome.NOBODY);
                yield new Failed(new Failure.NobodyThere(address));
            }
            case ReplyException _ -> noAnswer(address, request);
            default -> new Failed(Incidents.failure(e, name(request)));
        };
    }

    Failed noAnswer(String address, Request<?> request) {
        count(request, Outcome.NO_ANSWER);
        return new Failed(new Failure.NoAnswer(address, name(request)));
    }

    private static String name(Request<?> request) {
        return request.getClass().getSimpleName();
    }

    /** A part of the gauge of the room that an address belongs to. */
    Level inHand(Address address) {
        int slash = address.value().indexOf('/');
        return telemetry.level(
                MeterName.ROOM_IN_HAND,
                slash < 0 ? address.value() : address.value().substring(0, slash));
    }
}
