-- SPDX-License-Identifier: Apache-2.0

-- What rules have been told of a device's connection; in no index, so connects and disconnects stay on their page (HOT).
ALTER TABLE session
    ADD COLUMN told bigint NOT NULL DEFAULT 0, -- the epoch of which ONLINE was told; 0: OFFLINE was told, or nothing yet
    ADD COLUMN last_online timestamptz; -- of one that is closed: when it had gone on line
UPDATE session SET told = epoch WHERE address IS NOT NULL;

-- Devices that went off line, of which rules are told only if they do not come back before it is due. Rows are inserted
-- and deleted, never changed.
CREATE TABLE absence (
    device_id text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL,
    due timestamptz NOT NULL,
    CONSTRAINT absence_pk PRIMARY KEY (device_id, epoch)
);
CREATE INDEX absence_by_due ON absence (due);

CREATE TABLE device_tag (
    device_id text COLLATE "C" NOT NULL CONSTRAINT device_tag_device REFERENCES device (device_id) ON DELETE CASCADE,
    tag_key text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL, -- the device's
    tag_value text COLLATE "C" NOT NULL,
    CONSTRAINT device_tag_pk PRIMARY KEY (device_id, tag_key)
);
CREATE INDEX device_tag_by_value ON device_tag (project_id, tag_key, tag_value, device_id);
CREATE INDEX device_tag_by_value_alone ON device_tag (project_id, tag_value, device_id);

CREATE TABLE device_group (
    group_id text COLLATE "C" CONSTRAINT device_group_pk PRIMARY KEY,
    record_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text,
    super_group text COLLATE "C" CONSTRAINT device_group_super REFERENCES device_group,
    rule text, -- of a dynamic group, as it was written; NULL: a static group
    created timestamptz NOT NULL,
    modified timestamptz NOT NULL,
    CONSTRAINT device_group_name UNIQUE (project_id, space_id, name),
    CONSTRAINT device_group_space FOREIGN KEY (project_id, space_id) REFERENCES space ON DELETE CASCADE
);
CREATE INDEX device_group_in_project ON device_group (project_id, record_id);
CREATE INDEX device_group_below ON device_group (super_group) WHERE super_group IS NOT NULL;

-- Devices of static groups.
CREATE TABLE device_group_member (
    group_id text COLLATE "C" NOT NULL CONSTRAINT device_group_member_group REFERENCES device_group ON DELETE CASCADE,
    record_id text COLLATE "C" NOT NULL, -- the device's: lists are in its order
    device_id text COLLATE "C" NOT NULL
        CONSTRAINT device_group_member_device REFERENCES device (device_id) ON DELETE CASCADE,
    CONSTRAINT device_group_member_pk PRIMARY KEY (group_id, record_id)
);
CREATE INDEX device_group_of_device ON device_group_member (device_id, group_id);
