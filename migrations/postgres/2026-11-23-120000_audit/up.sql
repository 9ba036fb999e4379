-- Who did or looked at what. Each entry holds the digest of the one before it; ids, never names.
CREATE TABLE audit_entries (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    user_id uuid REFERENCES users (id),
    organisation_id uuid REFERENCES organisations (id),
    act text NOT NULL,
    target text NOT NULL,
    subject_id uuid,
    status integer NOT NULL,
    request_id uuid,
    digest bytea NOT NULL
);
CREATE INDEX audit_entries_by_user ON audit_entries (user_id, number);
CREATE INDEX audit_entries_by_act ON audit_entries (act, number);

CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit entry is never changed';
END
$$;
CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_stay();
