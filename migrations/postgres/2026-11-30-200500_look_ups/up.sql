-- How often an account asked about a person. Whom it asked about is nowhere.
CREATE TABLE look_ups (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL
);
CREATE INDEX look_ups_by_user ON look_ups (user_id, at);
