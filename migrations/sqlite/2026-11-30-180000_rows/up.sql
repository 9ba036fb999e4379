-- Where the audit journal ends, noted beside it: its last entries cannot be cut off unseen.
ALTER TABLE installation ADD COLUMN audit_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE installation ADD COLUMN audit_digest BLOB NOT NULL DEFAULT x'';
UPDATE installation SET (audit_number, audit_digest) =
    (SELECT number, digest FROM audit_entries ORDER BY number DESC LIMIT 1)
    WHERE EXISTS (SELECT 1 FROM audit_entries);
CREATE TRIGGER audit_ends AFTER INSERT ON audit_entries
BEGIN
    -- Entries that an import brings in end where they ended.
    UPDATE installation SET audit_number = NEW.number, audit_digest = NEW.digest
        WHERE audit_number < NEW.number;
END;
