-- Sums by département of residence: reports need not add up those of its communes.
ALTER TABLE rollup_sums RENAME TO rollup_sums_by_commune;
CREATE TABLE rollup_sums (
    family INTEGER NOT NULL,
    month INTEGER NOT NULL,
    workshop_month INTEGER NOT NULL,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    kind TEXT NOT NULL,
    lead INTEGER NOT NULL,
    venue_id BLOB NOT NULL,
    theme TEXT NOT NULL,
    prescriber_id BLOB NOT NULL,
    home_commune TEXT NOT NULL,
    departement TEXT NOT NULL,
    age_band TEXT NOT NULL,
    publics TEXT NOT NULL,
    postings INTEGER NOT NULL,
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, departement, age_band, publics)
) STRICT, WITHOUT ROWID;
INSERT INTO rollup_sums (family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune,
        departement, age_band, publics, postings, workshops, starts, amount_cents)
    SELECT family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune,
        CASE WHEN home_commune LIKE '97%' OR home_commune LIKE '98%' THEN substr(home_commune, 1, 3)
        ELSE substr(home_commune, 1, 2) END,
        age_band, publics, postings, workshops, starts, amount_cents
    FROM rollup_sums_by_commune
    ORDER BY family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, age_band, publics;
INSERT INTO rollup_sums (family, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, home_commune,
        departement, age_band, publics, postings, workshops, starts, amount_cents)
    SELECT 7, month, workshop_month, agreement_id, kind, lead, venue_id, theme, prescriber_id, '-',
        departement, age_band, publics, sum(postings), sum(workshops), sum(starts), sum(amount_cents)
    FROM rollup_sums WHERE family = 6 GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13;
DROP TABLE rollup_sums_by_commune;
INSERT INTO rollup_marks (family, day, up_to, folded_at)
    SELECT 7, day, up_to, folded_at FROM rollup_marks WHERE family = 6;
