-- What a guard says is known by its code: words are in the language of the server. A month that was
-- closed under a posting is a lost race: the same work, begun again, goes to the next month.
CREATE OR REPLACE FUNCTION postings_of_closed_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT min(month) FROM added) <= (SELECT max(month) FROM closed_months) THEN
        RAISE EXCEPTION 'the month of this posting is closed' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION postings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a posting is never changed' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE OR REPLACE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit entry is never changed' USING ERRCODE = 'restrict_violation';
END
$$;

-- Where the audit journal ends, noted beside it: its last entries cannot be cut off unseen. Noted here,
-- so that an instance of the release before notes it too.
ALTER TABLE installation
    ADD COLUMN audit_number bigint NOT NULL DEFAULT 0,
    ADD COLUMN audit_digest bytea NOT NULL DEFAULT '';
UPDATE installation SET (audit_number, audit_digest) =
    (SELECT number, digest FROM audit_entries ORDER BY number DESC LIMIT 1)
    WHERE EXISTS (SELECT FROM audit_entries);
CREATE FUNCTION audit_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Entries that an import brings in end where they ended.
    UPDATE installation SET audit_number = NEW.number, audit_digest = NEW.digest
        WHERE audit_number < NEW.number;
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_ends AFTER INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_ends();

-- A pass that is void was wound up. Only databases that were generated to measure did not say so.
UPDATE passes SET released = TRUE WHERE state = 'void' AND handed_over_at IS NOT NULL AND NOT released;
