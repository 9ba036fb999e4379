-- The last instant that the jobs believed: a clock far ahead of it is a wrong one.
CREATE TABLE clock_marks (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    at timestamptz NOT NULL
);

-- Fingerprints go some time after the end, on another day than the one the end was first seen on.
ALTER TABLE programmes ADD COLUMN over_since timestamptz;
