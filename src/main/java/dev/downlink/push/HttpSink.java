// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Deadlines;
import dev.downlink.config.Settings;
import dev.downlink.event.Content;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.push.HttpConnections.Kept;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A URL, which gets a POST for each event (northbound §6.6): over connections that are kept, as many at a time as {@code
 * push.max_in_flight}. Any status of 200 to 299 accepts the event; what else the answer says is not read. Belongs to one instance
 * of the room.
 */
final class HttpSink implements Sink {
    /** Of an answer's body; more of it and the connection is closed. */
    private static final int MAX_ANSWER = 64 * 1024;

    private final Settings.Push settings;
    private final InstantSource clock;
    private final Deadlines deadlines;
    private final Runnable ready;
    private final HttpTarget target;
    private final RequestOptions post;
    private final Destination destination;
    private final HttpClientAgent client;
    private final HttpConnections connections;
    private final @Nullable Signature signature;
    private final Promise<Void> empty = Promise.promise();
    private int inFlight;
    private boolean closed;

    /** @throws Failed with {@link Failure.Unreachable} when nothing can be sent the way that the channel says */
    HttpSink(
            Vertx vertx,
            Settings.Push settings,
            AddressFence fence,
            Deadlines deadlines,
            InstantSource clock,
            Channel.Http channel,
            Runnable ready) {
        this.settings = settings;
        this.clock = clock;
        this.deadlines = deadlines;
        this.ready = ready;
        target = HttpTarget.of(channel);
        post = target.request();
        destination = new Destination(vertx, fence, deadlines::now, target.host(), target.port());
        client = vertx.createHttpClient(target.options(channel, settings));
        connections = new HttpConnections(vertx, client, target, deadlines::now);
        Secret token = channel.secret();
        signature = channel.signed() && token != null ? new Signature(token) : null;
    }

    @Override
    public int room() {
        return closed ? 0 : settings.maxInFlight() - inFlight;
    }

    @Override
    public boolean keepsOrder() {
        return false;
    }

    @Override
    public Future<Fate> push(Parcel parcel) {
        inFlight++;
        Attempt attempt = new Attempt(parcel.content());
        deadlines.add(attempt, deadlines.now(), settings.timeout());
        attempt.begin();
        return attempt.fate.future();
    }

    /** Opens a connection and closes it, without a request that a receiver could take for an event. */
    @Override
    public Future<Void> probe() {
        return destination
                .address()
                .compose(address -> client.connect(new HttpConnectOptions()
                        .setServer(address)
                        .setHost(target.peer())
                        .setPort(target.port())))
                .compose(connection -> connection.close())
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(e -> Future.failedFuture(
                        e instanceof Failed ? e : new Failed(new Failure.Unreachable(where(), why(e)))));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        Future<Void> ended = inFlight == 0 ? Future.succeededFuture() : empty.future();
        return ended.eventually(client::close);
    }

    private String where() {
        return target.authority().toString();
    }

    private String why(Throwable e) {
        return ConnectErrors.text(e, where());
    }

    /** One POST. Whatever happens first ends it. */
    private final class Attempt extends Deadlines.Entry {
        final Promise<Fate> fate = Promise.promise();
        private final Content content;
        private @Nullable Kept used;
        private @Nullable HttpClientRequest request;
        private boolean isOver;

        Attempt(Content content) {
            this.content = content;
        }

        void begin() {
            opened().onComplete(this::send, this::unsent);
        }

        /** Nearly always there is a connection already, then nothing is waited for. */
        private Future<HttpClientRequest> opened() {
            SocketAddress address = destination.known();
            Kept kept = address == null ? null : connections.kept(address);
            return kept != null ? request(kept) : connected().compose(this::request);
        }

        private Future<Kept> connected() {
            return destination
                    .address()
                    .compose(address -> connections.take(address).onFailure(_ -> destination.failed()));
        }

        private Future<HttpClientRequest> request(Kept taken) {
            used = taken;
            return taken.connection().request(post);
        }

        private void unsent(Throwable e) {
            if (used != null) {
                var _ = used.connection().close();
            }
            end(new Fate.Failed(why(e)));
        }

        private void send(HttpClientRequest opened) {
            if (isOver) {
                var _ = opened.reset();
                return;
            }
            request = opened;
            opened.authority(target.authority());
            opened.putHeader(HttpHeaders.CONTENT_TYPE, content.type());
            content.attributes().forEach((name, value) -> opened.putHeader("ce-" + name, encoded(value)));
            if (signature != null) {
                String seconds = Long.toString(clock.instant().getEpochSecond());
                opened.putHeader(Signature.TIME_HEADER, seconds);
                opened.putHeader(Signature.HEADER, signature.of(seconds, content.body()));
            }
            opened.send(content.body()).onComplete(this::answered, e -> end(new Fate.Failed(why(e))));
        }

        private void answered(HttpClientResponse response) {
            Fate answer = HttpStatus.fate(
                    response.statusCode(), response.getHeader(HttpHeaders.RETRY_AFTER), clock.instant());
            response.handler(new Skip(answer)::more);
            response.exceptionHandler(_ -> end(answer));
            response.endHandler(_ -> {
                giveBack(response);
                end(answer);
            });
        }

        private void giveBack(HttpClientResponse response) {
            boolean stays = response.version() == HttpVersion.HTTP_1_1
                    && !response.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
            if (used != null && stays && !closed && !isOver) {
                connections.giveBack(used);
            }
        }

        @Override
        protected void expired() {
            end(new Fate.Failed("no answer in " + settings.timeout().toMillis() + " ms"));
            reset();
        }

        private void reset() {
            if (request != null) {
                var _ = request.reset();
            }
        }

        private void end(Fate outcome) {
            if (!isOver) {
                isOver = true;
                deadlines.remove(this);
                boolean wasFull = inFlight-- == settings.maxInFlight();
                fate.complete(outcome);
                if (closed && inFlight == 0) {
                    var _ = empty.tryComplete();
                } else if (wasFull) {
                    ready.run();
                }
            }
        }

        /** The body of an answer, which is not kept. */
        private final class Skip {
            private final Fate answer;
            private int bytes;

            Skip(Fate answer) {
                this.answer = answer;
            }

            void more(Buffer part) {
                bytes += part.length();
                if (bytes > MAX_ANSWER) {
                    end(answer);
                    reset();
                }
            }
        }
    }

    /** CloudEvents' HTTP binding: anything but printable ASCII, quotes and percent signs as %XX of UTF-8. */
    private static String encoded(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b <= ' ' || b == '"' || b == '%' || b == 0x7f) {
                out.append(String.format("%%%02X", b & 0xff));
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }
}
