// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.auth.Attempts;
import dev.downlink.auth.RequestSignature;
import dev.downlink.auth.Tokens;
import dev.downlink.bus.Bus;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.net.RoomyBuffers;
import dev.downlink.net.TurnFlush;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.Readiness;
import dev.downlink.telemetry.Telemetry;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST API. Several instances share one port; all state of an instance belongs to its event loop, so limits on failed
 * attempts and on requests in hand count per instance.
 */
public final class HttpVerticle extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(HttpVerticle.class);
    /** A negative port asks Vert.x for one free port that all instances share. Each protocol needs its own number. */
    private static final int FREE_SHARED_PORT = -8080;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 10_000;
    private static final int PASSWORD_THREADS = 2;
    private static final long SWEEP_MILLIS = 1000;
    private static final long GRACE_SECONDS = 5;
    /** However long a command may take: Kubernetes and the rooms behind do not wait for ever. */
    private static final long MAX_DRAIN_MILLIS = 15_000;

    private final Settings settings;
    private final Ports ports;
    private final byte[] tokenKey;
    private final InstantSource clock;

    private @Nullable Door door;
    private @Nullable HttpServer server;

    /** @param tokenKey 32 bytes or more that all nodes share: signs the tokens */
    public HttpVerticle(Settings settings, Ports ports, byte[] tokenKey, InstantSource clock) {
        this.settings = settings;
        this.ports = ports;
        this.tokenKey = tokenKey.clone();
        this.clock = clock;
    }

    /** Fails with a {@link java.net.BindException} when the port is taken. */
    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        Tokens tokens = new Tokens(tokenKey, clock);
        KnownKeys keys = new KnownKeys(bus, settings.registry());
        Door open = door(bus, keys, tokens);
        door = open;
        vertx.setPeriodic(SWEEP_MILLIS, _ -> open.bodies.sweep());
        RouteTable routes = routes(bus, tokens);
        TurnFlush flush = new TurnFlush();
        HttpServer listening = vertx.createHttpServer(options())
                .connectionHandler(connection -> opened((HttpServerConnection) connection, flush))
                .requestHandler(request -> new Exchange(open, routes, request).run())
                .invalidRequestHandler(HttpVerticle::refuse)
                .exceptionHandler(e -> LOGGER.debug("connection failed error={}", e.toString()));
        server = listening;
        int port =
                settings.http().port() == 0 ? FREE_SHARED_PORT : settings.http().port();
        return keys.hear()
                .compose(_ -> listening.listen(port, settings.host()))
                .onSuccess(bound -> ports.take("http", bound.actualPort()));
    }

    private static void opened(HttpServerConnection connection, TurnFlush flush) {
        ChannelPipeline pipeline = connection.channelHandlerContext().pipeline();
        RoomyBuffers.of(pipeline.channel());
        pipeline.addBefore("handler", TurnFlush.NAME, flush);
    }

    /** Takes no more requests; those in hand have the usual time of a command to end, but 15 s at most. */
    @Override
    public Future<?> stop() {
        if (door != null) {
            door.close();
        }
        long patience = Math.min(settings.commands().timeout().toMillis() + GRACE_SECONDS * 1000, MAX_DRAIN_MILLIS);
        vertx.setTimer(patience, _ -> {
            if (door != null) {
                door.abandon();
            }
        });
        return server == null
                ? Future.succeededFuture()
                : server.shutdown(patience + GRACE_SECONDS * 1000, TimeUnit.MILLISECONDS);
    }

    private Door door(Bus bus, KnownKeys keys, Tokens tokens) {
        RequestSignature signatures = new RequestSignature(settings.security().clockWindow(), clock);
        Attempts attempts = new Attempts(Authentication.MAX_FAILED_SIGNATURES, WINDOW, MAX_REMEMBERED, clock);
        return new Door(
                vertx,
                new Authentication(bus, keys, signatures, tokens, attempts),
                new BodyReader(clock),
                settings.http().maxInHand());
    }

    RouteTable routes(Bus bus, Tokens tokens) {
        RouteTable routes = new RouteTable(Telemetry.of(vertx));
        int maxBody = settings.http().maxBody();
        // first, because it is asked for most
        DeviceCalls devices = new DeviceCalls(bus, settings.commands());
        new CommandRoutes(devices).mount(routes, maxBody);
        new PropertyRoutes(devices).mount(routes, maxBody);
        new ShadowRoutes(bus).mount(routes, maxBody);
        new MessageRoutes(bus, settings.messages(), clock).mount(routes, maxBody);
        new ProductRoutes(bus).mount(routes, maxBody);
        new MessageCacheRoutes(bus, settings.messages()).mount(routes, maxBody);
        new TopicRoutes(bus).mount(routes, maxBody);
        new DeviceRoutes(bus).mount(routes, maxBody);
        new SearchRoutes(bus).mount(routes, maxBody);
        new TagRoutes(bus).mount(routes, maxBody);
        new GroupRoutes(bus).mount(routes, maxBody);
        new SpaceRoutes(bus).mount(routes, maxBody);
        mountForwarding(bus, routes, maxBody);
        new HealthRoutes(bus, Readiness.of(vertx), settings.roles()).mount(routes);
        new DocsRoutes(vertx).mount(routes);
        Settings.Security security = settings.security();
        Attempts attempts = new Attempts(security.maxFailedPasswords(), WINDOW, MAX_REMEMBERED, clock);
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("passwords", PASSWORD_THREADS);
        new TokenRoutes(bus, tokens, attempts, workers, security.tokenLifetime(), clock).mount(routes, maxBody);
        return routes;
    }

    private static void mountForwarding(Bus bus, RouteTable routes, int maxBody) {
        new RuleRoutes(bus).mount(routes, maxBody);
        new ActionRoutes(bus).mount(routes, maxBody);
        new DeadLetterRoutes(bus).mount(routes, maxBody);
        new QueueRoutes(bus).mount(routes, maxBody);
        new AccessCodeRoutes(bus).mount(routes, maxBody);
        new BacklogPolicyRoutes(bus).mount(routes, maxBody);
        new FlowPolicyRoutes(bus).mount(routes, maxBody);
    }

    private HttpServerOptions options() {
        // a connection that waits for a device's answer is not idle
        Duration longestCall = settings.commands().maxTimeout().plusSeconds(GRACE_SECONDS);
        Duration idle = settings.http().idleTimeout().compareTo(longestCall) > 0
                ? settings.http().idleTimeout()
                : longestCall;
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(false)
                // all is written on the event loop of its connection
                .setStrictThreadMode(true)
                // there are no WebSockets, so no request needs to be looked at for their extensions
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpKeepAlive(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(idle.toMillis()));
    }

    /** What is no HTTP gets an answer in JSON too, and Vert.x closes the connection. */
    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        LOGGER.debug("not HTTP error={}", String.valueOf(cause));
        Reply.of(new Failure.Unreadable("request", "is not valid HTTP"))
                .with("Connection", "close")
                .end(request.response())
                .onFailure(e -> LOGGER.debug("client gone before its answer error={}", e.toString()));
    }
}
