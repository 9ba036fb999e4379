DROP TRIGGER audit_ends ON audit_entries;
DROP FUNCTION audit_ends();
ALTER TABLE installation DROP COLUMN audit_number, DROP COLUMN audit_digest;

CREATE OR REPLACE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit entry is never changed';
END
$$;
CREATE OR REPLACE FUNCTION postings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a posting is never changed';
END
$$;
CREATE OR REPLACE FUNCTION postings_of_closed_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT min(month) FROM added) <= (SELECT max(month) FROM closed_months) THEN
        RAISE EXCEPTION 'the month of this posting is closed';
    END IF;
    RETURN NULL;
END
$$;
