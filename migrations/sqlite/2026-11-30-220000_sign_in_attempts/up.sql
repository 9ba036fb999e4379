-- Wrong passwords are counted by e-mail and place, whether or not there is such an account.
CREATE TABLE sign_in_attempts (
    key BLOB PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (since);
ALTER TABLE users DROP COLUMN failed_sign_ins;
ALTER TABLE users DROP COLUMN failed_since;

-- What a readiness check writes to see that something can be written.
CREATE TABLE heartbeats (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;
INSERT INTO heartbeats (id, at) VALUES (1, 0);
