-- The last instant that the jobs believed: a clock far ahead of it is a wrong one.
CREATE TABLE clock_marks (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

-- Fingerprints go some time after the end, on another day than the one the end was first seen on.
ALTER TABLE programmes ADD COLUMN over_since INTEGER;
