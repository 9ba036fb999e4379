DROP TABLE heartbeats;
ALTER TABLE users ADD COLUMN failed_sign_ins INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN failed_since INTEGER;
DROP TABLE sign_in_attempts;
