-- A body whose accounts are all stopped until the operator lets it act again, and a suspension that
-- was lifted before its end: `suspended_until` is then the last day it held.
ALTER TABLE organisations ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1));
ALTER TABLE suspensions ADD COLUMN lifted_at INTEGER;
