// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.event.Query;
import dev.downlink.model.ActionId;
import dev.downlink.model.InvalidField;
import dev.downlink.protocol.PushRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An action that fills an outlet: what its rule wants of an event, and what is counted of it. */
record Feed(ActionId action, Query query, PushMeters.OfRule meters) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Feed.class);

    /** A query that this version does not understand was checked by another one: all of the event is sent. */
    static Feed of(PushRows.Feed feed, PushMeters meters) {
        return new Feed(feed.actionId(), query(feed), meters.of(feed.rule()));
    }

    private static Query query(PushRows.Feed feed) {
        try {
            return Query.parse(feed.select(), feed.where());
        } catch (InvalidField e) {
            LOGGER.error("the query of a rule is not understood rule={} error={}", feed.rule(), e.getMessage());
            return Query.parse(null, null);
        }
    }
}
