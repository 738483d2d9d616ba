// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of an object storage that speaks the S3 protocol. Belongs to the event loop of its sink. Every call fails with
 * {@link Failure.Unreachable}, and ends within the time that it has.
 */
final class Bucket {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int KEEP_ALIVE_SECONDS = 10;

    private final Vertx vertx;
    private final StorageAccess access;
    private final Destination destination;
    private final @Nullable Path certificates;
    private final Duration timeout;
    private final InstantSource clock;
    private @Nullable Future<HttpClient> client;

    private Bucket(
            Vertx vertx, StorageAccess access, Destination destination, Settings.Push settings, InstantSource clock) {
        this.vertx = vertx;
        this.access = access;
        this.destination = destination;
        this.certificates = settings.certificates();
        this.timeout = settings.timeout();
        this.clock = clock;
    }

    /**
     * The bucket of an action. The storage of the settings may be anywhere: who runs the gateway has chosen it.
     *
     * @param now nanoseconds that only grow
     * @throws Failed with {@link Failure.Unreachable} when something is missing
     */
    static Bucket of(
            Vertx vertx,
            Settings settings,
            Channel.Storage channel,
            AddressFence fence,
            LongSupplier now,
            InstantSource clock) {
        StorageAccess access = StorageAccess.of(settings.storage(), channel);
        AddressFence around = channel.endpoint() == null ? AddressFence.NONE : fence;
        Destination destination = new Destination(vertx, around, now, access.host(), access.port());
        return new Bucket(vertx, access, destination, settings.push(), clock);
    }

    private record Body(Buffer content, String sha256, String md5) {
        static Body of(Buffer content) throws GeneralSecurityException {
            byte[] bytes = content.getBytes();
            byte[] md5 = MessageDigest.getInstance("MD5").digest(bytes);
            return new Body(content, SigV4.hash(bytes), Base64.getEncoder().encodeToString(md5));
        }
    }

    /** Writes a file, which is there and whole when this succeeds. */
    Future<Void> put(String key, EventFile file) {
        return vertx.executeBlocking(() -> Body.of(file.content()), false)
                .compose(body -> put(key, Objects.requireNonNull(body)));
    }

    private Future<Void> put(String key, Body body) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("content-md5", body.md5);
        headers.put("content-type", "application/x-ndjson");
        return request(HttpMethod.PUT, access.pathOf(key), headers, body)
                .compose(answer -> answer.status() == 200 ? Future.succeededFuture() : refused(answer.text()));
    }

    /** Whether the bucket is there for who has the access key. */
    Future<Void> head() {
        Body none = new Body(Buffer.buffer(), SigV4.hash(new byte[0]), "");
        return request(HttpMethod.HEAD, access.path(), new TreeMap<>(), none)
                .compose(answer -> switch (answer.status()) {
                    case 200 -> Future.succeededFuture();
                    case 403 ->
                        refused("403: the access key or its secret key is wrong, or it may not use the bucket "
                                + access.bucket());
                    case 404 -> refused("404: there is no bucket " + access.bucket());
                    case 301, 307, 308 ->
                        refused(answer.status() + ": the bucket " + access.bucket() + " is in another region");
                    default -> refused(answer.text());
                });
    }

    Future<Void> close() {
        return client == null ? Future.succeededFuture() : client.compose(HttpClient::close);
    }

    private Future<StorageAnswer> request(
            HttpMethod method, String path, SortedMap<String, String> headers, Body body) {
        Instant now = clock.instant();
        headers.put("host", access.authority());
        headers.put("x-amz-content-sha256", body.sha256);
        headers.put("x-amz-date", TIME.format(now));
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(access.host())
                .setPort(access.port())
                .setSsl(access.isTls())
                .setURI(path)
                .setConnectTimeout(timeout.toMillis())
                .setIdleTimeout(timeout.toMillis());
        headers.forEach(options::putHeader);
        options.putHeader(
                "authorization", access.signer().authorization(method.name(), path, "", headers, body.sha256));
        return client().compose(c -> send(c, options, body.content)).recover(this::unreachable);
    }

    private Future<StorageAnswer> send(HttpClient to, RequestOptions options, Buffer body) {
        return destination
                .address()
                .compose(address -> to.request(options.setServer(address)).onFailure(_ -> destination.failed()))
                .compose(request -> answer(request, body));
    }

    private Future<StorageAnswer> answer(HttpClientRequest request, Buffer body) {
        Future<HttpClientResponse> response = body.length() == 0 ? request.send() : request.send(body);
        return response.compose(StorageAnswer::read)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(_ -> request.reset().onFailure(_ -> {}));
    }

    private Future<HttpClient> client() {
        if (client == null) {
            client = vertx.executeBlocking(() -> TrustFile.find(certificates, "storage", access.host()), false)
                    .map(found -> makeClient(Objects.requireNonNull(found)));
        }
        return client;
    }

    private HttpClient makeClient(Optional<Path> trusted) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) timeout.toMillis())
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
        trusted.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(StorageSink.MAX_WRITES))
                // else it would log what the request tells anyway
                .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
                .build();
    }

    private <T> Future<T> refused(String why) {
        return Future.failedFuture(new Failed(new Failure.Unreachable(access.authority(), why)));
    }

    private <T> Future<T> unreachable(Throwable error) {
        return error instanceof Failed
                ? Future.failedFuture(error)
                : refused(ConnectErrors.text(error, access.authority()));
    }
}
