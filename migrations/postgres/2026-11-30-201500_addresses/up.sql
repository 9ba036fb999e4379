-- Where an entry of the audit journal came from, cut to its network. It is no part of the entry: it goes
-- after thirty days, and no digest covers it.
CREATE TABLE audit_addresses (
    number bigint PRIMARY KEY,
    address text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX audit_addresses_by_age ON audit_addresses (at);
