// SPDX-License-Identifier: Apache-2.0
/**
 * The room of the REST API: takes requests of applications, checks who sent them, turns JSON into requests on the bus and
 * answers into JSON. An {@code Exchange} leads each request through these steps; one {@code …Routes} class per noun knows its
 * URLs and fields. Knows nothing of devices' connections.
 */
@NullMarked
package dev.downlink.http;

import org.jspecify.annotations.NullMarked;
