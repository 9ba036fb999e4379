-- Redeeming locks what it reads: nothing is guarded by versions, and nothing is known from before.
DROP TRIGGER programme_venues_removed_are_circumstances;
DROP TRIGGER programme_venues_changed_are_circumstances;
DROP TRIGGER programme_venues_added_are_circumstances;
DROP TRIGGER suspensions_removed_are_circumstances;
DROP TRIGGER suspensions_changed_are_circumstances;
DROP TRIGGER suspensions_added_are_circumstances;
DROP TRIGGER labels_removed_are_circumstances;
DROP TRIGGER labels_changed_are_circumstances;
DROP TRIGGER labels_added_are_circumstances;
DROP TRIGGER venues_are_circumstances;
DROP TRIGGER programmes_are_circumstances;
DROP TABLE circumstances;
ALTER TABLE passes DROP COLUMN version;
ALTER TABLE agreements DROP COLUMN version;

-- A batch asks for the keys of many organisations at once: by the key, which hardly two share.
CREATE TABLE idempotency_keys_by_key (
    key BLOB NOT NULL,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    personal INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (key, organisation_id)
) STRICT;
INSERT INTO idempotency_keys_by_key
    SELECT key, organisation_id, request_hash, answer, personal, created_at FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_by_key RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_to_forget ON idempotency_keys (created_at) WHERE personal;

-- Which programmes accept a venue.
CREATE INDEX programme_venues_by_venue ON programme_venues (venue_id);
