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

-- A pass that is void was wound up. Only databases that were generated to measure did not say so.
UPDATE passes SET released = TRUE WHERE state = 'void' AND handed_over_at IS NOT NULL AND NOT released;
