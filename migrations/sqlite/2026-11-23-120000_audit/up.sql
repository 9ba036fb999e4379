-- Who did or looked at what. Each entry holds the digest of the one before it; ids, never names.
CREATE TABLE audit_entries (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id BLOB REFERENCES users (id),
    organisation_id BLOB REFERENCES organisations (id),
    act TEXT NOT NULL,
    target TEXT NOT NULL,
    subject_id BLOB,
    status INTEGER NOT NULL,
    request_id BLOB,
    digest BLOB NOT NULL
) STRICT;
CREATE INDEX audit_entries_by_user ON audit_entries (user_id, number);
CREATE INDEX audit_entries_by_act ON audit_entries (act, number);

CREATE TRIGGER audit_entries_are_not_changed BEFORE UPDATE ON audit_entries
BEGIN
    SELECT raise(ABORT, 'an audit entry is never changed');
END;
CREATE TRIGGER audit_entries_are_not_removed BEFORE DELETE ON audit_entries
BEGIN
    SELECT raise(ABORT, 'an audit entry is never changed');
END;
