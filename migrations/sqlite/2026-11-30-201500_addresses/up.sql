-- Where an entry of the audit journal came from, cut to its network. It is no part of the entry: it goes
-- after thirty days, and no digest covers it.
CREATE TABLE audit_addresses (
    number INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_addresses_by_age ON audit_addresses (at);
