-- SPDX-License-Identifier: Apache-2.0

-- Rows are written again and again with every report; no index but the key, so that a change stays on its page (HOT).
DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('ALTER TABLE shadow_%s SET (autovacuum_vacuum_scale_factor = 0.05)', i);
    END LOOP;
END
$$;

-- desired and reported are objects of names and values, NULL when there is nothing. A service that nobody has changed since
-- its device was registered has version 0, as has one without a row.
