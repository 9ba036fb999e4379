DROP INDEX programme_venues_by_venue;
ALTER TABLE idempotency_keys
    DROP CONSTRAINT idempotency_keys_organisation_id_fkey,
    DROP CONSTRAINT idempotency_keys_pkey,
    ADD PRIMARY KEY (organisation_id, key);
ALTER TABLE redemptions
    DROP CONSTRAINT redemptions_pass_id_fkey,
    DROP CONSTRAINT redemptions_venue_id_fkey,
    DROP CONSTRAINT redemptions_organisation_id_fkey,
    DROP CONSTRAINT redemptions_user_id_fkey;
ALTER TABLE postings
    DROP CONSTRAINT postings_agreement_id_fkey,
    DROP CONSTRAINT postings_origin_id_fkey,
    DROP CONSTRAINT postings_redemption_id_fkey,
    DROP CONSTRAINT postings_venue_id_fkey,
    DROP CONSTRAINT postings_payee_id_fkey;
ALTER TABLE agreements ADD COLUMN version bigint NOT NULL DEFAULT 0;
ALTER TABLE passes ADD COLUMN version bigint NOT NULL DEFAULT 0;
CREATE FUNCTION all_changed(changed bigint, asked integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF changed <> asked THEN
        RAISE EXCEPTION 'somebody else was faster' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN true;
END
$$;
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
CREATE TABLE circumstances (
    one integer PRIMARY KEY CHECK (one = 1),
    stamp uuid NOT NULL
);
INSERT INTO circumstances (one, stamp) VALUES (1, gen_random_uuid());

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

