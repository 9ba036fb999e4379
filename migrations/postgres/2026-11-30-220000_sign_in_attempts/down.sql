DROP TABLE heartbeats;
ALTER TABLE users ADD COLUMN failed_sign_ins integer NOT NULL DEFAULT 0, ADD COLUMN failed_since timestamptz;
DROP TABLE sign_in_attempts;
