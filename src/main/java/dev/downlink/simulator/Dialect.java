// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Topics;
import java.util.Optional;

/** Which topics a device uses. */
public enum Dialect {
    /** Those of the gateway, which a device receives without subscribing. */
    GATEWAY {
        @Override
        Optional<String> answerTopic(DeviceId device, String topic) {
            return Topics.answer(device, topic);
        }

        @Override
        String request(String topic) {
            return topic.substring(topic.lastIndexOf('=') + 1);
        }

        @Override
        String filter(DeviceId device) {
            return "$oc/devices/" + device + "/sys/commands/#";
        }
    },

    /** Those of calls over a plain broker: {@code devices/{id}/req/…} is answered on {@code devices/{id}/res/…}. */
    BROKER {
        @Override
        Optional<String> answerTopic(DeviceId device, String topic) {
            int request = topic.indexOf("/req/");
            return request < 0
                    ? Optional.empty()
                    : Optional.of(topic.substring(0, request) + "/res/" + topic.substring(request + "/req/".length()));
        }

        @Override
        String request(String topic) {
            return topic.substring(topic.indexOf("/req/") + "/req/".length());
        }

        @Override
        String filter(DeviceId device) {
            return "devices/" + device + "/req/#";
        }
    };

    /** Empty for a topic that is no call. */
    abstract Optional<String> answerTopic(DeviceId device, String topic);

    /** The request id in the topic of a call. */
    abstract String request(String topic);

    abstract String filter(DeviceId device);
}
