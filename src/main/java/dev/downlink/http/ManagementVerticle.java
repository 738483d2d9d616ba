// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.ProcessMeters;
import dev.downlink.telemetry.Readiness;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port where a process is watched, whatever its roles are: open before all rooms and closed after them, without any
 * login. One instance, whose state belongs to its thread; one scrape runs at a time, however many ask.
 */
public final class ManagementVerticle extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(ManagementVerticle.class);
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int IDLE_SECONDS = 90;

    private final Settings settings;
    private final Ports ports;
    private HealthRoutes health;
    private Telemetry telemetry;
    private ProcessMeters process;
    private @Nullable Future<Reply> scrape;

    public ManagementVerticle(Settings settings, Ports ports) {
        this.settings = settings;
        this.ports = ports;
    }

    /** Fails with a {@link java.net.BindException} when the port is taken. */
    @Override
    public Future<?> start() {
        telemetry = Telemetry.of(vertx);
        process = telemetry.processMeters();
        health = new HealthRoutes(Bus.of(vertx), Readiness.of(vertx), settings.roles());
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(IDLE_SECONDS))
                .requestHandler(router())
                .exceptionHandler(e -> LOGGER.debug("connection failed error={}", e.toString()));
        return server.listen(settings.managementPort(), settings.managementHost())
                .onSuccess(bound -> ports.take("management", bound.actualPort()))
                .onFailure(_ -> process.close());
    }

    /** Vert.x closes the server itself. */
    @Override
    public Future<?> stop() {
        process.close();
        return Future.succeededFuture();
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.get("/health/live").handler(to(_ -> Future.succeededFuture(health.live())));
        router.get("/health/ready").handler(to(_ -> health.ready()));
        router.get("/metrics").handler(to(_ -> scrape()));
        return router.errorHandler(404, to(ManagementVerticle::noSuchUrl))
                .errorHandler(405, to(ManagementVerticle::methodNotAllowed));
    }

    private static Handler<RoutingContext> to(Function<HttpServerRequest, Future<Reply>> answer) {
        return context -> answer.apply(context.request())
                .compose(reply -> reply.end(context.response()))
                .onFailure(e -> LOGGER.debug("client gone before its answer error={}", e.toString()));
    }

    private static Future<Reply> noSuchUrl(HttpServerRequest request) {
        return Future.succeededFuture(
                Reply.of(new Failure.NoSuchUrl(request.method().name(), path(request))));
    }

    private static Future<Reply> methodNotAllowed(HttpServerRequest request) {
        Failure failure = new Failure.MethodNotAllowed(request.method().name(), path(request));
        return Future.succeededFuture(Reply.of(failure).with("Allow", "GET"));
    }

    private static String path(HttpServerRequest request) {
        return String.valueOf(request.path());
    }

    /** On a worker thread: it takes longer than an event loop should be kept. */
    private Future<Reply> scrape() {
        Future<Reply> running = scrape;
        if (running == null) {
            running = vertx.executeBlocking(telemetry::scrape)
                    .map(text -> new Reply(200, Buffer.buffer(text), Map.of("Content-Type", TEXT_FORMAT)));
            scrape = running;
            running.onComplete(_ -> scrape = null);
        }
        return running;
    }
}
