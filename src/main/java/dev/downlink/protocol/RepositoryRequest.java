// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

/**
 * What the repository can be asked: one request per statement. It decides nothing; every request can fail with
 * {@link Failure.StorageUnavailable}.
 */
public sealed interface RepositoryRequest<R extends Record> extends Request<R>
        permits ProductRows,
                DeviceRows,
                SpaceRows,
                AccountRows,
                SessionRows,
                MessageRows,
                TagRows,
                GroupRows,
                SearchRows,
                OutboxRows,
                RuleRows,
                PolicyRows,
                PushRows,
                BacklogRows,
                DeadLetterRows,
                ShadowRows,
                SubDeviceRows {}
