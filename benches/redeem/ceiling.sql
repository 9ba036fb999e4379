-- PostgreSQL's own ceiling: one redemption as one call of one function, the way pgbench sends it.
-- It writes what the service writes for a plain redemption of a pass that two agreements pay.
CREATE TABLE ceiling_passes AS
    SELECT row_number() OVER () AS n, p.id, p.code_hash FROM passes p
    WHERE p.used_mask = 0 AND p.state = 'active' ORDER BY p.id DESC;
CREATE UNIQUE INDEX ON ceiling_passes (n);
CREATE SEQUENCE ceiling_next;
CREATE TABLE ceiling_places AS
    SELECT row_number() OVER () - 1 AS n, v.id AS venue, v.organisation_id AS organisation, u.id AS staff
    FROM venues v JOIN users u ON u.organisation_id = v.organisation_id LIMIT 64;
CREATE UNIQUE INDEX ON ceiling_places (n);

CREATE FUNCTION ceiling_redeem() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pass passes%ROWTYPE;
    place ceiling_places%ROWTYPE;
    place_in_line bigint := nextval('ceiling_next');
    redemption uuid := gen_random_uuid();
    new_key uuid := gen_random_uuid();
BEGIN
    SELECT * INTO place FROM ceiling_places WHERE n = place_in_line % 64;
    SELECT p.* INTO pass FROM passes p
        WHERE p.id = (SELECT id FROM ceiling_passes WHERE n = place_in_line) FOR UPDATE;
    PERFORM 1 FROM idempotency_keys WHERE key = new_key AND organisation_id = place.organisation;
    IF pass.state <> 'active' OR pass.used_mask = 1023 THEN
        RAISE EXCEPTION 'no workshop left';
    END IF;
    UPDATE passes SET used_mask = used_mask | (used_mask + 1) WHERE id = pass.id;
    INSERT INTO redemptions (id, pass_id, origin_id, slot, venue_id, organisation_id, user_id, theme, workshop_day,
            redeemed_at, price_cents, training, reversed)
        VALUES (redemption, pass.id, pass.origin_id, 1, place.venue, place.organisation, place.staff,
            'creer_une_boite_mail', current_date, now(), 1000, false, false);
    INSERT INTO postings (kind, from_account, to_account, agreement_id, amount_cents, month, workshop_month, origin_id,
            redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at)
        SELECT 'consumption', 'committed', 'payable', f.agreement_id, f.amount_cents / 10, 24323, 24323, pass.origin_id,
            redemption, place.venue, place.organisation, 1, 1, f.position = 0, now()
        FROM pass_fundings f WHERE f.pass_id = pass.origin_id;
    INSERT INTO idempotency_keys (organisation_id, key, request_hash, answer, personal, created_at)
        VALUES (place.organisation, new_key, decode(repeat('07', 32), 'hex'),
            '{"Done":{"id":"0199aaaa-0000-7000-8000-000000000000","pass_id":"0199aaaa-0000-7000-8000-000000000000","slot":1,'
            '"remaining":9,"last_day":"2027-05-23","theme":"creer_une_boite_mail",'
            '"venue_id":"0199aaaa-0000-7000-8000-000000000000","workshop_day":"2026-11-23",'
            '"redeemed_at":"2026-11-23T12:00:00.000000Z","price_cents":1000}}',
            false, now());
END
$$;

-- The same, and it also reads what the rule of a redemption looks at: the code, the account, whether the programme
-- accepts the venue, its label and suspensions, wrong codes, the workshops of the day. (The trigger of the postings
-- looks for a closed month in both.)
CREATE TABLE ceiling_accepted AS
    SELECT DISTINCT ON (m.programme_id, v.id) m.programme_id, dense_rank() OVER (PARTITION BY m.programme_id ORDER BY v.id) - 1 AS n,
        v.id AS venue, v.organisation_id AS organisation, u.id AS staff
    FROM programme_venues m JOIN venues v ON v.id = m.venue_id JOIN users u ON u.organisation_id = v.organisation_id;
CREATE UNIQUE INDEX ON ceiling_accepted (programme_id, n);
CREATE FUNCTION whole_redeem() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pass passes%ROWTYPE;
    programme programmes%ROWTYPE;
    place ceiling_accepted%ROWTYPE;
    place_in_line bigint := nextval('ceiling_next');
    redemption uuid := gen_random_uuid();
    new_key uuid := gen_random_uuid();
BEGIN
    SELECT p.* INTO pass FROM passes p
        WHERE p.code_hash = (SELECT code_hash FROM ceiling_passes WHERE n = place_in_line) FOR UPDATE;
    SELECT * INTO programme FROM programmes WHERE id = pass.programme_id;
    SELECT * INTO place FROM ceiling_accepted WHERE programme_id = pass.programme_id AND n = place_in_line % 4;
    PERFORM 1 FROM idempotency_keys WHERE key = new_key AND organisation_id = place.organisation;
    IF pass.state <> 'active' OR pass.used_mask = 1023
        OR NOT EXISTS (SELECT 1 FROM users u JOIN venues v USING (organisation_id)
            WHERE u.id = place.staff AND u.active AND v.id = place.venue)
        OR (SELECT count(*) FROM wrong_codes w WHERE w.user_id = place.staff AND w.at > now() - interval '15 minutes') > 9
        OR NOT EXISTS (SELECT 1 FROM programme_venues m WHERE m.programme_id = programme.id AND m.venue_id = place.venue)
        OR NOT EXISTS (SELECT 1 FROM labels l WHERE l.venue_id = place.venue
            AND l.valid_from <= current_date AND l.valid_until >= current_date)
        OR EXISTS (SELECT 1 FROM suspensions s WHERE s.venue_id = place.venue AND s.suspended_from <= current_date
            AND (s.suspended_until IS NULL OR s.suspended_until >= current_date))
        OR (SELECT count(*) FROM redemptions r WHERE r.origin_id = pass.origin_id AND NOT r.reversed
            AND r.workshop_day = current_date) >= programme.max_per_day
    THEN
        RAISE EXCEPTION 'no workshop';
    END IF;
    UPDATE passes SET used_mask = used_mask | (used_mask + 1) WHERE id = pass.id;
    INSERT INTO redemptions (id, pass_id, origin_id, slot, venue_id, organisation_id, user_id, theme, workshop_day,
            redeemed_at, price_cents, training, reversed)
        VALUES (redemption, pass.id, pass.origin_id, 1, place.venue, place.organisation, place.staff,
            'creer_une_boite_mail', current_date, now(), 1000, false, false);
    INSERT INTO postings (kind, from_account, to_account, agreement_id, amount_cents, month, workshop_month, origin_id,
            redemption_id, venue_id, payee_id, workshops, starts, lead, recorded_at)
        SELECT 'consumption', 'committed', 'payable', f.agreement_id, f.amount_cents / 10, 24323, 24323, pass.origin_id,
            redemption, place.venue, place.organisation, 1, 1, f.position = 0, now()
        FROM pass_fundings f WHERE f.pass_id = pass.origin_id;
    INSERT INTO idempotency_keys (organisation_id, key, request_hash, answer, personal, created_at)
        VALUES (place.organisation, new_key, decode(repeat('07', 32), 'hex'),
            '{"Done":{"id":"0199aaaa-0000-7000-8000-000000000000","pass_id":"0199aaaa-0000-7000-8000-000000000000","slot":1,'
            '"remaining":9,"last_day":"2027-05-23","theme":"creer_une_boite_mail",'
            '"venue_id":"0199aaaa-0000-7000-8000-000000000000","workshop_day":"2026-11-23",'
            '"redeemed_at":"2026-11-23T12:00:00.000000Z","price_cents":1000}}',
            false, now());
END
$$;
