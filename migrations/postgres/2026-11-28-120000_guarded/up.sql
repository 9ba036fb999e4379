-- What was decided on rows that changed meanwhile is not written: the statement fails as a lost
-- race, and is decided again.
CREATE FUNCTION all_changed(changed bigint, asked integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF changed <> asked THEN
        RAISE EXCEPTION 'somebody else was faster' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN true;
END
$$;

-- What a redemption and its postings refer to was read in the statement before, is proved by
-- `ledger verify`, and is never deleted: that is held here, once a deletion, and not with four
-- look-ups and four locked rows for each redemption.
ALTER TABLE redemptions
    DROP CONSTRAINT redemptions_pass_id_fkey,
    DROP CONSTRAINT redemptions_venue_id_fkey,
    DROP CONSTRAINT redemptions_user_id_fkey;
ALTER TABLE postings DROP CONSTRAINT postings_agreement_id_fkey;

CREATE FUNCTION referred_to_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never deleted: others refer to them', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER organisations_stay BEFORE DELETE OR TRUNCATE ON organisations
    FOR EACH STATEMENT EXECUTE FUNCTION referred_to_stays();
CREATE TRIGGER users_stay BEFORE DELETE OR TRUNCATE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION referred_to_stays();
CREATE TRIGGER venues_stay BEFORE DELETE OR TRUNCATE ON venues
    FOR EACH STATEMENT EXECUTE FUNCTION referred_to_stays();
CREATE TRIGGER agreements_stay BEFORE DELETE OR TRUNCATE ON agreements
    FOR EACH STATEMENT EXECUTE FUNCTION referred_to_stays();
CREATE TRIGGER passes_stay BEFORE DELETE OR TRUNCATE ON passes
    FOR EACH STATEMENT EXECUTE FUNCTION referred_to_stays();
CREATE TRIGGER redemptions_stay BEFORE DELETE OR TRUNCATE ON redemptions
    FOR EACH STATEMENT EXECUTE FUNCTION referred_to_stays();

-- Redemptions come in the order of their ids, so that this one grows at its end; passes and
-- payees came in no order, two pages to read and write for each posting. What is posted to a payee
-- without a redemption is what was paid.
DROP INDEX postings_by_origin;
DROP INDEX postings_by_payee;
CREATE INDEX postings_by_redemption ON postings (redemption_id) WHERE redemption_id IS NOT NULL;
CREATE INDEX postings_paid ON postings (payee_id) WHERE payee_id IS NOT NULL AND redemption_id IS NULL;

-- Postings of a month lie together: a summary of their pages finds them, and costs a new one
-- nothing.
DROP INDEX postings_by_month;
CREATE INDEX postings_by_month ON postings USING brin (month) WITH (pages_per_range = 32, autosummarize = on);

-- A sum that is added to finds room on its page.
ALTER TABLE rollup_sums SET (fillfactor = 60);

-- Each family of sums goes as far as it goes: what is folded in a moment often, the rest when many
-- wait.
ALTER TABLE rollup_marks ADD COLUMN family integer NOT NULL DEFAULT 0;
ALTER TABLE rollup_marks DROP CONSTRAINT rollup_marks_pkey;
ALTER TABLE rollup_marks ALTER COLUMN family DROP DEFAULT;
INSERT INTO rollup_marks (family, day, up_to, folded_at)
    SELECT f.family, m.day, m.up_to, m.folded_at FROM rollup_marks m, generate_series(1, 6) AS f (family);
ALTER TABLE rollup_marks ADD PRIMARY KEY (family, day);
