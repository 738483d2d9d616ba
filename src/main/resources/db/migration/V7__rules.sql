-- SPDX-License-Identifier: Apache-2.0

-- Until now there was no way to make a rule, so nothing can be in these.
DROP TABLE outbox;
DROP TABLE rule;

-- Where events wait for what they are meant for: one for each action, and one for each queue, which several actions may fill.
-- Its counts and last error are notes for people, written now and then.
CREATE TABLE outlet (
    outlet int GENERATED ALWAYS AS IDENTITY CONSTRAINT outlet_pk PRIMARY KEY,
    project_id text COLLATE "C" NOT NULL CONSTRAINT outlet_project REFERENCES project ON DELETE CASCADE,
    delivered bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0, -- attempts
    dropped bigint NOT NULL DEFAULT 0, -- events that did not fit into the backlog, or were too old for it
    dropped_last timestamptz,
    last_error text,
    last_error_time timestamptz,
    paused boolean NOT NULL DEFAULT false -- after too many failures: only tried now and then
);

CREATE TABLE amqp_queue (
    queue_id text COLLATE "C" CONSTRAINT amqp_queue_pk PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    outlet int NOT NULL CONSTRAINT amqp_queue_outlet REFERENCES outlet ON DELETE CASCADE,
    created timestamptz NOT NULL,
    modified timestamptz NOT NULL,
    CONSTRAINT amqp_queue_name UNIQUE (project_id, name)
);

-- Who is to be told of what.
CREATE TABLE rule (
    rule_id text COLLATE "C" CONSTRAINT rule_pk PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL CONSTRAINT rule_project REFERENCES project ON DELETE CASCADE,
    space_id text COLLATE "C", -- NULL: all spaces of the project
    subject text COLLATE "C" NOT NULL, -- resource:event
    name text,
    description text,
    select_text text,
    where_text text,
    active boolean NOT NULL,
    created timestamptz NOT NULL,
    CONSTRAINT rule_space FOREIGN KEY (project_id, space_id) REFERENCES space ON DELETE CASCADE
);
CREATE INDEX rule_in_project ON rule (project_id, record_id);

CREATE TABLE rule_action (
    action_id text COLLATE "C" CONSTRAINT rule_action_pk PRIMARY KEY,
    action int GENERATED ALWAYS AS IDENTITY CONSTRAINT rule_action_number UNIQUE, -- its name in the outbox
    record_id text COLLATE "C" NOT NULL,
    rule_id text COLLATE "C" NOT NULL CONSTRAINT rule_action_rule REFERENCES rule ON DELETE CASCADE,
    project_id text COLLATE "C" NOT NULL,
    outlet int NOT NULL CONSTRAINT rule_action_outlet REFERENCES outlet, -- its own, or its queue's
    channel text COLLATE "C" NOT NULL,
    detail text NOT NULL, -- JSON, without its secret
    secret text, -- sealed
    created timestamptz NOT NULL
);
CREATE INDEX rule_action_of_rule ON rule_action (rule_id);
CREATE INDEX rule_action_of_outlet ON rule_action (outlet);

-- What happened that a rule asks for, once for each action, written in the transaction in which it happened. A device is always
-- in the same lane, and its events are sent in order of id; a row that was dealt with is deleted.
CREATE TABLE outbox (
    outlet int NOT NULL,
    lane smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    action int NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C", -- NULL: it is about no device
    subject text COLLATE "C" NOT NULL,
    happened timestamptz NOT NULL,
    header jsonb, -- NULL: that of the device, when it is sent
    body jsonb NOT NULL,
    CONSTRAINT outbox_pk PRIMARY KEY (outlet, lane, id)
) WITH (autovacuum_vacuum_scale_factor = 0.02);

-- Which instance of which node sends what waits in a lane. A row whose node is gone is anybody's.
CREATE TABLE outlet_lane (
    outlet int NOT NULL CONSTRAINT outlet_lane_outlet REFERENCES outlet ON DELETE CASCADE,
    lane smallint NOT NULL,
    node int,
    instance int,
    CONSTRAINT outlet_lane_pk PRIMARY KEY (outlet, lane)
);

-- Events that could not be sent, with the reason.
CREATE TABLE dead_letter (
    outlet int NOT NULL CONSTRAINT dead_letter_outlet REFERENCES outlet ON DELETE CASCADE,
    id bigint NOT NULL, -- that of the outbox
    record_id text COLLATE "C" NOT NULL,
    lane smallint NOT NULL,
    action int NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C",
    subject text COLLATE "C" NOT NULL,
    happened timestamptz NOT NULL,
    header jsonb,
    body jsonb NOT NULL,
    error text NOT NULL,
    died timestamptz NOT NULL,
    CONSTRAINT dead_letter_pk PRIMARY KEY (outlet, id)
);
CREATE INDEX dead_letter_by_record ON dead_letter (outlet, record_id);

-- What consumers log in with; a new one takes the place of the old one.
CREATE TABLE access_code (
    project_id text COLLATE "C" NOT NULL CONSTRAINT access_code_project REFERENCES project ON DELETE CASCADE,
    type text COLLATE "C" NOT NULL, -- AMQP or MQTT
    access_key text COLLATE "C" NOT NULL CONSTRAINT access_code_key UNIQUE,
    code text NOT NULL, -- sealed
    created timestamptz NOT NULL,
    CONSTRAINT access_code_pk PRIMARY KEY (project_id, type)
);

CREATE TABLE backlog_policy (
    policy_id text COLLATE "C" CONSTRAINT backlog_policy_pk PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL CONSTRAINT backlog_policy_project REFERENCES project ON DELETE CASCADE,
    name text,
    description text,
    max_bytes int NOT NULL,
    max_seconds int NOT NULL,
    created timestamptz NOT NULL
);
CREATE INDEX backlog_policy_in_project ON backlog_policy (project_id, record_id);

CREATE TABLE flow_policy (
    policy_id text COLLATE "C" CONSTRAINT flow_policy_pk PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL CONSTRAINT flow_policy_project REFERENCES project ON DELETE CASCADE,
    name text,
    description text,
    scope text COLLATE "C" NOT NULL, -- USER, CHANNEL, RULE or ACTION
    scope_value text COLLATE "C", -- a channel, or the id of a rule or action
    max_rate int NOT NULL, -- events a second
    created timestamptz NOT NULL
);
CREATE INDEX flow_policy_in_project ON flow_policy (project_id, record_id);
