// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Topics;
import java.util.Optional;

/** Which topics a device uses. */
public enum Dialect {
    /** Those of the gateway, which a device receives without subscribing. */
    GATEWAY,

    /** Those of calls over a plain broker: {@code devices/{id}/req/…} is answered on {@code devices/{id}/res/…}. */
    BROKER;

    private static final String REQUEST = "/req/";

    /** Where a call is answered; empty for a topic that is no call. */
    Optional<String> answerTopic(DeviceId device, String topic) {
        return switch (this) {
            case GATEWAY -> Topics.answer(device, topic);
            case BROKER -> brokerAnswer(topic);
        };
    }

    private static Optional<String> brokerAnswer(String topic) {
        int at = topic.indexOf(REQUEST);
        return at < 0
                ? Optional.empty()
                : Optional.of(topic.substring(0, at) + "/res/" + topic.substring(at + REQUEST.length()));
    }

    /** The request id in the topic of a call. */
    String request(String topic) {
        return switch (this) {
            case GATEWAY -> topic.substring(topic.lastIndexOf('=') + 1);
            case BROKER -> topic.substring(topic.indexOf(REQUEST) + REQUEST.length());
        };
    }

    /** What to subscribe to receive calls. */
    String filter(DeviceId device) {
        return switch (this) {
            case GATEWAY -> "$oc/devices/" + device + "/sys/commands/#";
            case BROKER -> "devices/" + device + "/req/#";
        };
    }
}
