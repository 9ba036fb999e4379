DROP INDEX programme_venues_by_venue;
CREATE TABLE idempotency_keys_by_organisation (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    key BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    personal INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, key)
) STRICT;
INSERT INTO idempotency_keys_by_organisation
    SELECT organisation_id, key, request_hash, answer, personal, created_at FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_by_organisation RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_to_forget ON idempotency_keys (created_at) WHERE personal;
ALTER TABLE agreements ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE passes ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE circumstances (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    stamp BLOB NOT NULL
) STRICT;
INSERT INTO circumstances (one, stamp) VALUES (1, randomblob(16));

CREATE TRIGGER programmes_are_circumstances AFTER UPDATE OF price_cents, time_zone, max_per_day ON programmes BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER venues_are_circumstances AFTER UPDATE ON venues
WHEN OLD.organisation_id <> NEW.organisation_id BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER labels_added_are_circumstances AFTER INSERT ON labels BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER labels_changed_are_circumstances AFTER UPDATE ON labels BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER labels_removed_are_circumstances AFTER DELETE ON labels BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER suspensions_added_are_circumstances AFTER INSERT ON suspensions BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER suspensions_changed_are_circumstances AFTER UPDATE ON suspensions BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER suspensions_removed_are_circumstances AFTER DELETE ON suspensions BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER programme_venues_added_are_circumstances AFTER INSERT ON programme_venues BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER programme_venues_changed_are_circumstances AFTER UPDATE ON programme_venues BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
CREATE TRIGGER programme_venues_removed_are_circumstances AFTER DELETE ON programme_venues BEGIN
    UPDATE circumstances SET stamp = randomblob(16) WHERE one = 1;
END;
