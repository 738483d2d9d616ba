// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.message.Message;

/**
 * Writes an event as a message (northbound §6.2). Its body is a string value and not a data section: that is what the cloud's
 * sample clients read, {@code getBody(String.class)} in JMS and {@code msg.body} in others, which know no charset of bytes.
 */
final class AmqpMessage {
    /** More than header and properties take. */
    static final int OVERHEAD = 512;

    private AmqpMessage() {}

    /** @param failures how often it was sent to somebody who did not finish with it */
    static Message of(Parcel parcel, int failures) {
        Message message = Message.Factory.create();
        Header header = new Header();
        header.setDurable(true);
        if (failures > 0) {
            header.setDeliveryCount(UnsignedInteger.valueOf(failures));
        }
        message.setHeader(header);
        Properties properties = new Properties();
        properties.setMessageId(Long.toString(parcel.id()));
        properties.setCreationTime(Date.from(parcel.happened()));
        properties.setGroupId(parcel.device());
        message.setProperties(properties);
        message.setBody(new AmqpValue(parcel.content().body().toString(StandardCharsets.UTF_8)));
        return message;
    }
}
