-- How often an account asked about a person. Whom it asked about is nowhere.
CREATE TABLE look_ups (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX look_ups_by_user ON look_ups (user_id, at);
