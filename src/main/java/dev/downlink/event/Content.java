// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * An event as it is written for its receiver.
 *
 * @param type the content type
 * @param attributes of CloudEvents in binary mode, without the prefix that the transport gives them; else empty
 */
public record Content(String type, Map<String, String> attributes, Buffer body) {}
