-- What each key file must be, by its name: with another one codes are printed that no pass has.
CREATE TABLE key_checks (
    name TEXT NOT NULL PRIMARY KEY,
    key_check BLOB NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
