// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Text;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Synchronous commands (northbound §3.1). */
final class CommandRoutes {
    static final String TIMEOUT = "X-Downlink-Timeout";
    static final int MAX_PARAS = 256 * 1024;

    private final Bus bus;
    private final Settings.Commands limits;

    CommandRoutes(Bus bus, Settings.Commands limits) {
        this.bus = bus;
        this.limits = limits;
    }

    void mount(RouteTable routes, int maxBody) {
        routes.add(
                "POST",
                "/v5/iot/{project_id}/devices/{device_id}/commands",
                new Route(Access.PROJECT, maxBody, this::send));
    }

    private Future<Reply> send(Call call) {
        return bus.ask(request(call))
                .transform(answer -> answer.succeeded()
                        ? Future.succeededFuture(answered(answer.result()))
                        : timedOut(answer.cause()));
    }

    private SendCommand request(Call call) {
        Fields fields = call.fields();
        Map<String, @Nullable Object> paras = fields.mandatoryMap("paras");
        if (call.body().bytes().length > MAX_PARAS && fields.size("paras") > MAX_PARAS) {
            throw new InvalidField("paras", "must not be larger than 256 KB");
        }
        return new SendCommand(
                call.project(),
                new DeviceId(call.segment("device_id")),
                Text.optional("service_id", fields.text("service_id"), 64),
                Text.optional("command_name", fields.text("command_name"), 128),
                paras,
                limit(call.header(TIMEOUT)));
    }

    /** The caller may choose how long the device has, in seconds. */
    private Duration limit(@Nullable String header) {
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

    /** The device's answer is spliced in as it came. */
    private static Reply answered(Answered answered) {
        String body = "{\"command_id\":\"" + answered.request() + "\",\"response\":"
                + answered.response().text() + '}';
        return new Reply(200, Buffer.buffer(body), Map.of());
    }

    /** A device that does not answer is no failure of the call, but an error in its answer (northbound §3.1). */
    private static Future<Reply> timedOut(Throwable e) {
        if (e instanceof Failed failed && failed.failure() instanceof Failure.CallTimedOut timedOut) {
            Members members = new Members().put("command_id", timedOut.request().toString());
            Problem problem = Problem.of(timedOut);
            members.node().setAll(Reply.error(problem));
            return Future.succeededFuture(Reply.json(problem.status(), members.node()));
        }
        return Future.failedFuture(e);
    }
}
