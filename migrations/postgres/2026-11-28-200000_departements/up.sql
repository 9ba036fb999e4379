-- Sums by département of residence: reports need not add up those of its communes.
ALTER TABLE rollup_sums ADD COLUMN departement text NOT NULL DEFAULT '-';
ALTER TABLE rollup_sums ALTER COLUMN departement DROP DEFAULT;
UPDATE rollup_sums SET departement =
    CASE WHEN home_commune LIKE '97%' OR home_commune LIKE '98%' THEN substr(home_commune, 1, 3)
    ELSE substr(home_commune, 1, 2) END
    WHERE family = 6;
ALTER TABLE rollup_sums DROP CONSTRAINT rollup_sums_pkey;
ALTER TABLE rollup_sums ADD PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id,
    theme, prescriber_id, home_commune, departement, age_band, publics);
CREATE TABLE rollup_sums_by_departement PARTITION OF rollup_sums FOR VALUES IN (7) WITH (fillfactor = 60);

INSERT INTO rollup_sums (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune,
        departement, age_band, publics, postings, workshops, starts, amount_cents)
    SELECT 7, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, '-',
        departement, age_band, publics, sum(postings), sum(workshops), sum(starts), sum(amount_cents)
    FROM rollup_sums WHERE family = 6 GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13;
INSERT INTO rollup_marks (family, day, up_to, folded_at)
    SELECT 7, day, up_to, folded_at FROM rollup_marks WHERE family = 6;

-- What is added to the sums comes as one array.
CREATE TYPE new_sum AS (
    family bigint, month bigint, agreement_id uuid, workshop_month bigint, kind text, lead boolean, venue_id uuid,
    theme text, prescriber_id uuid, home_commune text, departement text, age_band text, publics text,
    postings bigint, workshops bigint, starts bigint, amount_cents bigint
);
