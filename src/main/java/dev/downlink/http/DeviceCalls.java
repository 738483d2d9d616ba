// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.InvalidField;
import dev.downlink.protocol.CorrelatorRequest;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all calls have in common whose answer is the device's (northbound §3). */
final class DeviceCalls {
    private static final String TIMEOUT = "X-Downlink-Timeout";
    private static final CharSequence TIMEOUT_HEADER = HttpHeaders.createOptimized(TIMEOUT);
    private static final int MAX_SIZE = 256 * 1024;

    private final Bus bus;
    private final Settings.Commands limits;

    DeviceCalls(Bus bus, Settings.Commands limits) {
        this.bus = bus;
        this.limits = limits;
    }

    /** @throws InvalidField when what is meant for the device is too large for it */
    static void checkSize(Call call, Fields fields, String name) {
        if (call.body().bytes().length > MAX_SIZE && fields.size(name) > MAX_SIZE) {
            throw new InvalidField(name, "must not be larger than 256 KB");
        }
    }

    /** The caller may choose how long the device has, in seconds. */
    Duration limit(Call call) {
        @Nullable String header = call.header(TIMEOUT_HEADER);
        if (header == null) {
            return limits.timeout();
        }
        long most = limits.maxTimeout().toSeconds();
        try {
            int seconds = Integer.parseInt(header.strip());
            if (seconds >= 1 && seconds <= most) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            throw new InvalidField(TIMEOUT, "must be a number of seconds from 1 to " + most);
        }
        throw new InvalidField(TIMEOUT, "must be a number of seconds from 1 to " + most);
    }

    /** @param id what the request id is called in the answer */
    Future<Reply> ask(CorrelatorRequest<Answered> request, String id) {
        return bus.ask(request)
                .transform(answer -> answer.succeeded()
                        ? Future.succeededFuture(answered(answer.result(), id))
                        : timedOut(answer.cause(), id));
    }

    /** The device's answer is spliced in as it came. */
    private static Reply answered(Answered answered, String id) {
        String body = "{\"" + id + "\":\"" + answered.request() + "\",\"response\":"
                + answered.response().text() + '}';
        return new Reply(200, Buffer.buffer(body), Map.of());
    }

    /** A device that does not answer is no failure of the call, but an error in its answer (northbound §3.1). */
    private static Future<Reply> timedOut(Throwable e, String id) {
        if (e instanceof Failed failed && failed.failure() instanceof Failure.CallTimedOut timedOut) {
            Members members = new Members().put(id, timedOut.request().toString());
            Problem problem = Problem.of(timedOut);
            members.node().setAll(Reply.error(problem));
            return Future.succeededFuture(Reply.json(problem.status(), members.node()));
        }
        return Future.failedFuture(e);
    }
}
