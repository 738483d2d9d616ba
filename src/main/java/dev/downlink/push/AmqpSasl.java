// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.proton.ProtonConnection;
import io.vertx.proton.sasl.ProtonSaslAuthenticator;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The login of one connection: PLAIN, and nothing else (northbound §6.2). Belongs to the connection. */
final class AmqpSasl implements ProtonSaslAuthenticator {
    private static final Logger LOGGER = LoggerFactory.getLogger(AmqpSasl.class);

    private final AmqpShared shared;
    /** Whether a connection is let in at all. */
    private final Predicate<AmqpConnection> entrance;

    private AmqpConnection connection;
    private Sasl sasl;
    private boolean asked;
    private boolean succeeded;

    @SuppressWarnings("NullAway.Init") // init comes first
    AmqpSasl(AmqpShared shared, Predicate<AmqpConnection> entrance) {
        this.shared = shared;
        this.entrance = entrance;
    }

    @Override
    public void init(NetSocket socket, ProtonConnection proton, Transport transport) {
        sasl = transport.sasl();
        sasl.server();
        sasl.allowSkip(false);
        sasl.setMechanisms("PLAIN");
        connection = new AmqpConnection(shared, socket, proton, transport);
        if (!entrance.test(connection)) {
            asked = true;
            connection.disconnect();
        }
    }

    @Override
    public void process(Handler<Boolean> done) {
        String[] chosen = sasl.getRemoteMechanisms();
        if (asked || chosen.length == 0) {
            done.handle(false);
            return;
        }
        asked = true;
        byte[] response = new byte[sasl.pending()];
        int _ = sasl.recv(response, 0, response.length);
        Context context = Objects.requireNonNull(Vertx.currentContext());
        shared.login()
                .judge(chosen[0], response, connection.address())
                .onSuccess(verdict -> context.runOnContext(_ -> conclude(verdict, done)));
    }

    @Override
    public boolean succeeded() {
        return succeeded;
    }

    private void conclude(AmqpLogin.Verdict verdict, Handler<Boolean> done) {
        AmqpLogin.Result result = verdict.result();
        if (verdict.project() != null) {
            succeeded = connection.enter(verdict.project());
            result = succeeded ? result : AmqpLogin.Result.TOO_MANY_CONNECTIONS;
        }
        shared.meters().logins().count(result);
        if (!succeeded && shared.logs().permits()) {
            LOGGER.info("consumer at {} refused: {}", connection.address(), result.why());
        }
        sasl.done(result.outcome());
        done.handle(true);
    }
}
