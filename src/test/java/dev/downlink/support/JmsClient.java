// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.util.ArrayList;
import java.util.List;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.apache.qpid.jms.JmsConnectionExtensions;
import org.apache.qpid.jms.JmsConnectionFactory;

/** Qpid JMS as the cloud's sample client uses it; unmodified, from Maven Central. */
public final class JmsClient implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;

    private final Connection connection;

    private JmsClient(Connection connection) {
        this.connection = connection;
    }

    /** Each login, also those after a lost connection, has a fresh timestamp. */
    public static JmsClient of(String address, String accessKey, String accessCode, String... options) {
        JmsConnectionFactory factory = new JmsConnectionFactory(uri(address, options));
        factory.setExtension(
                JmsConnectionExtensions.USERNAME_OVERRIDE.toString(),
                (_, _) -> "accessKey=" + accessKey + "|timestamp=" + System.currentTimeMillis() + "|instanceId=i1");
        return connect(factory, "accessKey=" + accessKey, accessCode);
    }

    /** @param user as it is sent */
    public static JmsClient exactly(String address, String user, String password, String... options) {
        return connect(new JmsConnectionFactory(uri(address, options)), user, password);
    }

    private static JmsClient connect(JmsConnectionFactory factory, String user, String password) {
        try {
            Connection connection = factory.createConnection(user, password);
            try {
                connection.start();
                return new JmsClient(connection);
            } catch (JMSException e) {
                connection.close();
                throw e;
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The parameters of the documentation, unless others are given. */
    private static String uri(String address, String... options) {
        List<String> all =
                new ArrayList<>(List.of("amqp.vhost=default", "amqp.idleTimeout=8000", "amqp.saslMechanisms=PLAIN"));
        for (String option : options) {
            all.removeIf(one -> one.split("=")[0].equals(option.split("=")[0]));
            all.add(option);
        }
        return address + '?' + String.join("&", all);
    }

    public Connection connection() {
        return connection;
    }

    public Session session(int mode) throws JMSException {
        return connection.createSession(false, mode);
    }

    public static MessageConsumer consumer(Session session, String queue) throws JMSException {
        return session.createConsumer(session.createQueue(queue));
    }

    /** The next event, waited for. */
    public static Message next(MessageConsumer consumer) throws JMSException {
        Message message = consumer.receive(PATIENCE_MILLIS);
        if (message == null) {
            throw new AssertionError("nothing came");
        }
        return message;
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }
}
