// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.amqp.transport.ConnectionError;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.LinkError;

/** What consumers are told when something is refused or ended (northbound §6.2). */
enum AmqpRefusal {
    NO_SENDERS(AmqpError.NOT_ALLOWED, "nobody may send here"),
    NO_TRANSACTIONS(AmqpError.NOT_IMPLEMENTED, "there are no transactions"),
    NO_ADDRESS(AmqpError.INVALID_FIELD, "the source has to be the name of a queue"),
    NO_DYNAMIC(AmqpError.NOT_IMPLEMENTED, "there are no dynamic sources"),
    NO_FILTERS(AmqpError.NOT_IMPLEMENTED, "there are no selectors or other filters"),
    NO_BROWSING(AmqpError.NOT_IMPLEMENTED, "there is no browsing and there are no durable subscriptions"),
    NO_QUEUE(AmqpError.NOT_FOUND, "the project has no such queue"),
    QUEUE_DELETED(AmqpError.RESOURCE_DELETED, "the queue was deleted"),
    QUEUE_UNKNOWN(AmqpError.INTERNAL_ERROR, "the queue cannot be looked up now"),
    TOO_MANY_LINKS(AmqpError.RESOURCE_LIMIT_EXCEEDED, "a connection may have no more receivers"),
    TOO_MANY_SESSIONS(AmqpError.RESOURCE_LIMIT_EXCEEDED, "a connection may have no more sessions"),
    STALLED(LinkError.DETACH_FORCED, "events were not settled for 10 minutes; they go to others"),
    NO_RECEIVER(ConnectionError.CONNECTION_FORCED, "no receiver was opened within 15 seconds"),
    IDLE_TIME_OUT(AmqpError.INVALID_FIELD, "the idle time-out has to be a tenth of a second at least"),
    CODE_REPLACED(AmqpError.UNAUTHORIZED_ACCESS, "the access code was replaced"),
    STOPPING(ConnectionError.CONNECTION_FORCED, "this node stops");

    @SuppressWarnings("ImmutableEnumChecker") // a symbol never changes
    private final Symbol condition;

    private final String description;

    AmqpRefusal(Symbol condition, String description) {
        this.condition = condition;
        this.description = description;
    }

    ErrorCondition condition() {
        return new ErrorCondition(condition, description);
    }
}
