-- SPDX-License-Identifier: Apache-2.0

-- Kept with the device that has the connection, so that one look finds all that waits for it. The status is in no index and
-- expires_at never changes: what becomes of a message stays on its page (HOT).
CREATE TABLE message (
    connection_id text COLLATE "C" NOT NULL,
    child_id text COLLATE "C" NOT NULL, -- '' when it is for the device that has the connection
    message_id text COLLATE "C" NOT NULL,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    state smallint NOT NULL, -- 0 pending, 1 delivered, 2 failed, 3 timeout, 4 written and not acknowledged: shown as delivered
    error text,
    name text,
    content text NOT NULL, -- JSON, kept as it came
    base64 boolean NOT NULL,
    raw boolean NOT NULL,
    topic text,
    topic_full_name text,
    properties text, -- JSON
    ttl int NOT NULL, -- minutes
    created timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    finished timestamptz,
    timeline text NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (connection_id, child_id, message_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX message_by_expiry ON message (expires_at);

-- Up to when all messages that were due have been ended. One row; who locks it sweeps.
CREATE TABLE message_sweep (
    swept_until timestamptz NOT NULL
);
INSERT INTO message_sweep VALUES ('-infinity');

-- NULL: as the settings say
ALTER TABLE product ADD COLUMN max_messages int, ADD COLUMN messages_overflow text;

-- Whether a device subscribed a broadcast, now or in its last connection. A column of its own for the index: with
-- subscriptions in it, every change of those would leave the page.
ALTER TABLE session ADD COLUMN listens boolean GENERATED ALWAYS AS (subscriptions LIKE '%$oc/broadcast/%') STORED;
CREATE INDEX session_of_listener ON session (device_id) WHERE listens;

-- Who is to be told of what.
CREATE TABLE rule (
    rule_id text COLLATE "C" CONSTRAINT rule_pk PRIMARY KEY,
    project_id text COLLATE "C" NOT NULL CONSTRAINT rule_project REFERENCES project ON DELETE CASCADE,
    space_id text COLLATE "C", -- NULL: all spaces of the project
    resource text NOT NULL,
    active boolean NOT NULL
);
CREATE INDEX rule_in_project ON rule (project_id);

-- What happened that a rule asks for, written in the transaction in which it happened; read in order of id.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pk PRIMARY KEY,
    project_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    resource text NOT NULL,
    happened timestamptz NOT NULL,
    body jsonb NOT NULL
);
