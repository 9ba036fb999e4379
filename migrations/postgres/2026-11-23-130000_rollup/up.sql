-- Postings summed once by what reports ask. How far it goes, the last one of each day.
CREATE TABLE rollup_marks (
    day date PRIMARY KEY,
    up_to bigint NOT NULL,
    folded_at timestamptz NOT NULL
);

-- What a family does not tell apart is the nil id, or '-'.
CREATE TABLE rollup_sums (
    family integer NOT NULL,
    month integer NOT NULL,
    workshop_month integer NOT NULL,
    agreement_id uuid NOT NULL REFERENCES agreements (id),
    kind text NOT NULL,
    lead boolean NOT NULL,
    venue_id uuid NOT NULL,
    theme text NOT NULL,
    prescriber_id uuid NOT NULL,
    home_commune text NOT NULL,
    age_band text NOT NULL,
    publics text NOT NULL,
    postings bigint NOT NULL,
    workshops bigint NOT NULL,
    starts bigint NOT NULL,
    amount_cents bigint NOT NULL,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, age_band, publics)
);

-- One look for all the rows of a statement, not one for each.
DROP TRIGGER postings_stay ON postings;
DROP FUNCTION postings_stay();
CREATE FUNCTION postings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a posting is never changed';
END
$$;
CREATE FUNCTION postings_of_closed_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT min(month) FROM added) <= (SELECT max(month) FROM closed_months) THEN
        RAISE EXCEPTION 'the month of this posting is closed';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER postings_stay BEFORE UPDATE OR DELETE ON postings
    FOR EACH ROW EXECUTE FUNCTION postings_stay();
CREATE TRIGGER postings_of_closed_months AFTER INSERT ON postings
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION postings_of_closed_months();

-- What these were for is read from the rollup, and by the line of a pass.
DROP INDEX postings_by_agreement;
DROP INDEX postings_by_redemption;

-- A workshop changes the row of its pass: with room left on the page no index hears of it.
ALTER TABLE passes SET (fillfactor = 80);
