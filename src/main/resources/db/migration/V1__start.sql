-- SPDX-License-Identifier: Apache-2.0
-- Ids are ASCII and compared byte by byte (COLLATE "C"), whatever the database's own collation.
-- Names of constraints are known to the program: it tells from them what a statement ran into.

CREATE TABLE setting (
    key text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE project (
    project_id text COLLATE "C" CONSTRAINT project_pk PRIMARY KEY,
    name text COLLATE "C" NOT NULL CONSTRAINT project_name UNIQUE,
    created timestamptz NOT NULL
);

CREATE TABLE app_user (
    domain text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    password_hash text NOT NULL,
    password_since timestamptz NOT NULL,
    CONSTRAINT app_user_pk PRIMARY KEY (domain, name)
);

CREATE TABLE user_project (
    domain text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL CONSTRAINT user_project_project REFERENCES project ON DELETE CASCADE,
    CONSTRAINT user_project_pk PRIMARY KEY (domain, name, project_id),
    CONSTRAINT user_project_user FOREIGN KEY (domain, name) REFERENCES app_user ON DELETE CASCADE
);
CREATE INDEX user_project_by_project ON user_project (project_id);

CREATE TABLE access_key (
    key_id text COLLATE "C" CONSTRAINT access_key_pk PRIMARY KEY,
    secret text NOT NULL, -- sealed
    project_id text COLLATE "C" NOT NULL CONSTRAINT access_key_project REFERENCES project ON DELETE CASCADE,
    created timestamptz NOT NULL
);
CREATE INDEX access_key_by_project ON access_key (project_id);

CREATE TABLE space (
    project_id text COLLATE "C" NOT NULL CONSTRAINT space_project REFERENCES project ON DELETE CASCADE,
    space_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    is_default boolean NOT NULL,
    created timestamptz NOT NULL,
    CONSTRAINT space_pk PRIMARY KEY (project_id, space_id),
    CONSTRAINT space_name UNIQUE (project_id, name)
);
CREATE UNIQUE INDEX space_default ON space (project_id) WHERE is_default;

CREATE TABLE product (
    record_id text COLLATE "C" CONSTRAINT product_pk PRIMARY KEY,
    project_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    product_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    device_type text NOT NULL,
    protocol_type text NOT NULL,
    data_format text NOT NULL,
    manufacturer_name text,
    industry text,
    description text,
    services jsonb NOT NULL,
    topics jsonb NOT NULL,
    created timestamptz NOT NULL,
    version int NOT NULL,
    CONSTRAINT product_id UNIQUE (project_id, product_id, space_id),
    CONSTRAINT product_space FOREIGN KEY (project_id, space_id) REFERENCES space
);
CREATE INDEX product_in_project ON product (project_id, record_id);
CREATE INDEX product_in_space ON product (project_id, space_id, record_id);

-- No index holds a column that a login, a freeze or a new secret changes: such updates stay on their page (HOT).
CREATE TABLE device (
    device_id text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    product text COLLATE "C" NOT NULL CONSTRAINT device_product REFERENCES product, -- record_id
    node_id text COLLATE "C" NOT NULL,
    parent text COLLATE "C",
    name text,
    description text,
    auth_type text NOT NULL,
    secret text, -- sealed
    secondary_secret text, -- sealed
    fingerprint text,
    secondary_fingerprint text,
    secure_access boolean NOT NULL,
    timeout_seconds int NOT NULL,
    unused_until timestamptz, -- deleted after this time, unless it has ever been connected
    extension_info text, -- JSON, kept as it came
    frozen boolean NOT NULL,
    created timestamptz NOT NULL,
    version int NOT NULL,
    CONSTRAINT device_pk PRIMARY KEY (device_id)
) PARTITION BY HASH (device_id);

-- written with the first desired values at registration
CREATE TABLE shadow (
    device_id text COLLATE "C" NOT NULL,
    service_id text NOT NULL,
    desired jsonb,
    desired_at timestamptz,
    reported jsonb,
    reported_at timestamptz,
    version bigint NOT NULL,
    CONSTRAINT shadow_pk PRIMARY KEY (device_id, service_id)
) PARTITION BY HASH (device_id);

-- Who holds which device. Written at every connect and disconnect: no index but the key, room on each page (HOT).
CREATE TABLE session (
    device_id text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL,
    address text, -- null: not connected
    node int NOT NULL,
    previous_address text, -- who held it before this epoch
    resumed boolean NOT NULL, -- whether this epoch took subscriptions over
    first_online timestamptz NOT NULL,
    changed timestamptz NOT NULL,
    closed_at timestamptz,
    keep_seconds bigint NOT NULL,
    subscriptions text NOT NULL, -- JSON
    CONSTRAINT session_pk PRIMARY KEY (device_id)
) PARTITION BY HASH (device_id);

DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE device_%s PARTITION OF device FOR VALUES WITH (MODULUS 8, REMAINDER %s)'
            || ' WITH (fillfactor = 90)', i, i);
        EXECUTE format('CREATE TABLE shadow_%s PARTITION OF shadow FOR VALUES WITH (MODULUS 8, REMAINDER %s)'
            || ' WITH (fillfactor = 80)', i, i);
        EXECUTE format('CREATE TABLE session_%s PARTITION OF session FOR VALUES WITH (MODULUS 8, REMAINDER %s)'
            || ' WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)', i, i);
    END LOOP;
END
$$;

ALTER TABLE device ADD CONSTRAINT device_space FOREIGN KEY (project_id, space_id) REFERENCES space;
ALTER TABLE device ADD CONSTRAINT device_parent FOREIGN KEY (parent) REFERENCES device (device_id);
ALTER TABLE shadow ADD CONSTRAINT shadow_device FOREIGN KEY (device_id) REFERENCES device (device_id) ON DELETE CASCADE;
ALTER TABLE session ADD CONSTRAINT session_device FOREIGN KEY (device_id) REFERENCES device (device_id) ON DELETE CASCADE;

CREATE INDEX device_in_project ON device (project_id, record_id);
CREATE INDEX device_in_space ON device (project_id, space_id, record_id);
CREATE INDEX device_of_product ON device (product, record_id);
CREATE INDEX device_of_gateway ON device (parent, record_id) WHERE parent IS NOT NULL;
CREATE INDEX device_by_node ON device (project_id, node_id, record_id);
CREATE INDEX device_by_name ON device (project_id, name, record_id) WHERE name IS NOT NULL;
CREATE INDEX device_unused ON device (unused_until) WHERE unused_until IS NOT NULL;

CREATE TABLE node (
    id int CONSTRAINT node_pk PRIMARY KEY,
    name text NOT NULL,
    beat timestamptz NOT NULL
);
