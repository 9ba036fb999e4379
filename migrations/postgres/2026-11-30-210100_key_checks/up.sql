-- What each key file must be, by its name: with another one codes are printed that no pass has.
CREATE TABLE key_checks (
    name text NOT NULL PRIMARY KEY,
    key_check bytea NOT NULL,
    added_at timestamptz NOT NULL
);
