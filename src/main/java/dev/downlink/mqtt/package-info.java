// SPDX-License-Identifier: Apache-2.0
/**
 * The room of the MQTT devices: lets them in, holds their connections, publishes calls to them and passes their answers on.
 * Each instance of the verticle owns the connections of its event loop and is the only writer to those devices.
 */
@NullMarked
package dev.downlink.mqtt;

import org.jspecify.annotations.NullMarked;
