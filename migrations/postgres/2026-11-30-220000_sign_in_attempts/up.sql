-- Wrong passwords are counted by e-mail and place, whether or not there is such an account.
CREATE TABLE sign_in_attempts (
    key bytea PRIMARY KEY,
    failures integer NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (since);
ALTER TABLE users DROP COLUMN failed_sign_ins, DROP COLUMN failed_since;

-- What a readiness check writes to see that something can be written.
CREATE TABLE heartbeats (
    id integer PRIMARY KEY CHECK (id = 1),
    at timestamptz NOT NULL
);
INSERT INTO heartbeats (id, at) VALUES (1, '1970-01-01T00:00:00Z');
