-- SPDX-License-Identifier: Apache-2.0

-- What a device says of itself, and of a sub-device what its gateway says. No index but the key, room on each page (HOT).
CREATE TABLE device_report (
    device_id text COLLATE "C" NOT NULL,
    sdk_version text,
    sw_version text,
    fw_version text,
    online boolean, -- of a sub-device; NULL: nothing was said yet
    first_online timestamptz,
    last_online timestamptz,
    changed timestamptz,
    CONSTRAINT device_report_pk PRIMARY KEY (device_id)
) PARTITION BY HASH (device_id);

DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE device_report_%s PARTITION OF device_report'
            || ' FOR VALUES WITH (MODULUS 8, REMAINDER %s) WITH (fillfactor = 80)', i, i);
    END LOOP;
END
$$;

ALTER TABLE device_report ADD CONSTRAINT device_report_device
    FOREIGN KEY (device_id) REFERENCES device (device_id) ON DELETE CASCADE;

-- How often the list of what hangs below a connection was changed. Who changes a list locks its row, so versions are seen in
-- their order. They are at least the seconds of the clock: greater than any that a gateway has from elsewhere.
CREATE TABLE gateway_list (
    connection_id text COLLATE "C" NOT NULL CONSTRAINT gateway_list_pk PRIMARY KEY
        CONSTRAINT gateway_list_device REFERENCES device (device_id) ON DELETE CASCADE,
    version bigint NOT NULL,
    forgotten bigint NOT NULL DEFAULT 0 -- removals up to this version are not known any more
);

-- Each sub-device with the version at which it came, or went: then it is not in the table of devices any more, or elsewhere.
CREATE TABLE gateway_entry (
    connection_id text COLLATE "C" NOT NULL
        CONSTRAINT gateway_entry_device REFERENCES device (device_id) ON DELETE CASCADE,
    device_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    removed boolean NOT NULL,
    parent text COLLATE "C" NOT NULL,
    node_id text COLLATE "C" NOT NULL,
    product_id text COLLATE "C" NOT NULL,
    CONSTRAINT gateway_entry_pk PRIMARY KEY (connection_id, device_id)
);
CREATE INDEX gateway_entry_by_version ON gateway_entry (connection_id, version);
CREATE INDEX gateway_entry_removed ON gateway_entry (connection_id, version) WHERE removed;

INSERT INTO gateway_entry (connection_id, device_id, version, removed, parent, node_id, product_id)
SELECT coalesce(g.parent, g.device_id), d.device_id,
    extract(epoch FROM now())::bigint + row_number() OVER (
        PARTITION BY coalesce(g.parent, g.device_id) ORDER BY g.parent IS NOT NULL, d.record_id),
    false, d.parent, d.node_id, p.product_id
FROM device d
JOIN device g ON g.device_id = d.parent
JOIN product p ON p.record_id = d.product;

INSERT INTO gateway_list (connection_id, version)
SELECT connection_id, max(version) FROM gateway_entry GROUP BY connection_id;

-- Connections that lost or got sub-devices a moment ago: a message that was being stored just then may be kept with the wrong
-- one, and the devices may not have been told.
CREATE TABLE gateway_move (
    connection_id text COLLATE "C" NOT NULL CONSTRAINT gateway_move_pk PRIMARY KEY
        CONSTRAINT gateway_move_device REFERENCES device (device_id) ON DELETE CASCADE,
    since timestamptz NOT NULL
);
CREATE INDEX gateway_move_by_time ON gateway_move (since);
