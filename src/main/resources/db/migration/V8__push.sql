-- SPDX-License-Identifier: Apache-2.0

-- Who sends: outlet 0 stands for all outlets of actions, which every instance of every node can serve; a queue has the
-- instances that receivers are attached to.
CREATE TABLE pusher (
    outlet int NOT NULL,
    node int NOT NULL,
    instance int NOT NULL,
    CONSTRAINT pusher_pk PRIMARY KEY (outlet, node, instance)
);

-- What waited at the last look, and when to look again whether that is too much.
ALTER TABLE outlet
    ADD waiting bigint NOT NULL DEFAULT 0,
    ADD waiting_bytes bigint NOT NULL DEFAULT 0,
    ADD sweep_due timestamptz NOT NULL DEFAULT now();

CREATE INDEX amqp_queue_of_outlet ON amqp_queue (outlet);
