// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import java.time.Duration;

/**
 * Something asked of a room.
 *
 * @param <R> type of the answer, always a record
 */
public sealed interface Request<R extends Record>
        permits RegistryRequest,
                RepositoryRequest,
                CorrelatorRequest,
                DeliveryRequest,
                UplinkRequest,
                ShadowRequest,
                PushRequest,
                AdapterRequest {

    /** How long the asker waits before it gets {@link Failure.NoAnswer}. */
    default Duration patience() {
        return Duration.ofSeconds(5);
    }
}
