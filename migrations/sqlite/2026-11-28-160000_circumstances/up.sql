-- Venues, their labels and programmes hardly ever change, and are looked at for each redemption.
-- Whatever changes one of them gives them another stamp in the same transaction: who read them
-- under a stamp knows them for as long as it stands. Never a number that counts: after
-- a change is taken back the same number would come twice.
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
