-- Venues, their labels and programmes hardly ever change, and are looked at for each redemption.
-- Whatever changes one of them gives them another stamp in the same transaction: who read them
-- under a stamp knows them for as long as it stands. Never a number that counts: after
-- a change is lost (a standby that was behind takes over) the same number would come twice.
CREATE TABLE circumstances (
    one integer PRIMARY KEY CHECK (one = 1),
    stamp uuid NOT NULL
);
INSERT INTO circumstances (one, stamp) VALUES (1, gen_random_uuid());

-- Once a transaction: nobody else has seen the stamp it gave before.
CREATE FUNCTION circumstances_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE circumstances SET stamp = gen_random_uuid() WHERE one = 1 AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END
$$;
CREATE TRIGGER programmes_are_circumstances AFTER UPDATE OF price_cents, time_zone, max_per_day ON programmes
    FOR EACH STATEMENT EXECUTE FUNCTION circumstances_changed();
CREATE TRIGGER venues_are_circumstances AFTER UPDATE ON venues
    FOR EACH ROW WHEN (OLD.organisation_id <> NEW.organisation_id) EXECUTE FUNCTION circumstances_changed();
CREATE TRIGGER labels_are_circumstances AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON labels
    FOR EACH STATEMENT EXECUTE FUNCTION circumstances_changed();
CREATE TRIGGER suspensions_are_circumstances AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON suspensions
    FOR EACH STATEMENT EXECUTE FUNCTION circumstances_changed();
CREATE TRIGGER programme_venues_are_circumstances AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON programme_venues
    FOR EACH STATEMENT EXECUTE FUNCTION circumstances_changed();

-- What a batch asks and writes comes as one array for each table: arrays of columns were ten times
-- as much work to take apart.
CREATE TYPE asked_redemption AS (
    place bigint, code_hash bytea, user_id uuid, key uuid, since timestamptz, first_day date
);
CREATE TYPE asked_place AS (programme_id uuid, venue_id uuid);
CREATE TYPE change_of_pass AS (id uuid, version bigint, used_mask bigint);
CREATE TYPE new_redemption AS (
    id uuid, pass_id uuid, origin_id uuid, slot bigint, venue_id uuid, organisation_id uuid, user_id uuid,
    theme text, minutes bigint, mode text, workshop_day date, redeemed_at timestamptz, price_cents bigint,
    training boolean, reversed boolean
);
CREATE TYPE new_posting AS (
    kind text, from_account text, to_account text, agreement_id uuid, amount_cents bigint, month bigint,
    workshop_month bigint, origin_id uuid, redemption_id uuid, venue_id uuid, payee_id uuid, workshops bigint,
    starts bigint, lead boolean, recorded_at timestamptz
);
CREATE TYPE new_answer AS (
    organisation_id uuid, key uuid, request_hash bytea, answer text, personal boolean, created_at timestamptz
);

-- A pass is changed up to ten times, and ten passes of a page in one morning: where the page has no
-- room for the new row, all indexes of the table are written instead of none.
ALTER TABLE passes SET (fillfactor = 50);

-- Each family of sums lies by itself: a report reads its own and no other.
ALTER TABLE rollup_sums RENAME TO rollup_sums_together;
ALTER TABLE rollup_sums_together RENAME CONSTRAINT rollup_sums_pkey TO rollup_sums_together_pkey;
CREATE TABLE rollup_sums (
    LIKE rollup_sums_together,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, age_band, publics)
) PARTITION BY LIST (family);
CREATE TABLE rollup_sums_plain PARTITION OF rollup_sums FOR VALUES IN (0) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_theme PARTITION OF rollup_sums FOR VALUES IN (1) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_age_band PARTITION OF rollup_sums FOR VALUES IN (2) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_public PARTITION OF rollup_sums FOR VALUES IN (3) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_prescriber PARTITION OF rollup_sums FOR VALUES IN (4) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_venue PARTITION OF rollup_sums FOR VALUES IN (5) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_home_commune PARTITION OF rollup_sums FOR VALUES IN (6) WITH (fillfactor = 60);
INSERT INTO rollup_sums SELECT * FROM rollup_sums_together;
DROP TABLE rollup_sums_together;
