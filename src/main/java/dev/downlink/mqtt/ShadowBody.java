// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.downlink.model.Shadow;
import dev.downlink.model.Timestamps;
import org.jspecify.annotations.Nullable;

/** A shadow as a device gets it (southbound §2.6). */
final class ShadowBody {
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private ShadowBody() {}

    static String text(Shadow shadow) {
        StringBuilder out = new StringBuilder(256)
                .append("{\"object_device_id\":\"")
                .append(shadow.device())
                .append("\",\"shadow\":[");
        String comma = "";
        for (Shadow.Service service : shadow.services()) {
            out.append(comma).append("{\"service_id\":\"");
            ENCODER.quoteAsString(service.serviceId(), out);
            out.append('"');
            part(out, "desired", service.desired());
            part(out, "reported", service.reported());
            out.append(",\"version\":").append(service.version()).append('}');
            comma = ",";
        }
        return out.append("]}").toString();
    }

    /** The properties are spliced in as they are kept. */
    private static void part(StringBuilder out, String name, Shadow.@Nullable Part part) {
        if (part != null) {
            out.append(",\"")
                    .append(name)
                    .append("\":{\"properties\":")
                    .append(part.properties().text())
                    .append(",\"event_time\":\"")
                    .append(Timestamps.compact(part.time()))
                    .append("\"}");
        }
    }
}
