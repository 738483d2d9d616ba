// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;

/** What is sent to each device over REST, and what an answer to it means. */
interface Operation {
    /** Of the resource below the device, for example {@code commands}. */
    String resource();

    /** JSON, the same for all devices. */
    String body();

    /** {@link Line#OK} or the code of an error. */
    String outcome(DeviceSeries series, int device, int status, String body);

    /** The error code of an answer, with its status. */
    static String error(int status, String body) {
        String code = text(body, "error_code");
        return code.isEmpty() ? String.valueOf(status) : status + " " + code;
    }

    /** A text of an answer, wherever it stands; empty when it is not there. */
    static String text(String body, String name) {
        String key = '"' + name + "\":\"";
        int at = body.indexOf(key);
        if (at < 0) {
            return "";
        }
        int from = at + key.length();
        int end = body.indexOf('"', from);
        return body.substring(from, end < 0 ? body.length() : end);
    }
}
