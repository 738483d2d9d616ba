// SPDX-License-Identifier: Apache-2.0
/**
 * The database before the rooms come up: the embedded PostgreSQL, and the migrations of any PostgreSQL. Everything here
 * blocks and is called from the start-up code only.
 */
@NullMarked
package dev.downlink.database;

import org.jspecify.annotations.NullMarked;
