DROP TRIGGER audit_ends;
ALTER TABLE installation DROP COLUMN audit_digest;
ALTER TABLE installation DROP COLUMN audit_number;
